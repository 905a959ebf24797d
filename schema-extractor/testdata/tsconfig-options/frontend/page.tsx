export const page: number = <div />;
