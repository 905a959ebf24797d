export interface Deep { levels: [number, Deep?] }
