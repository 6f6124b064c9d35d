// What a user should know and no result says.

export const warn = (message: string): void => console.warn(`bifold: ${message}`);
