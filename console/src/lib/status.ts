/** The shape that goes with each colour, for those who do not see the colour. */
export const shapes = { calm: '●', notice: '◆', warning: '▲', alert: '■', done: '✓' } as const;

/** One of the five roles of a status. */
export type StatusRole = keyof typeof shapes;
