const x: number = "";
