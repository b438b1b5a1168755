/** Called with one short line for a person who waits, whenever a long step begins, goes on or ends. */
export type Progress = (line: string) => void;
