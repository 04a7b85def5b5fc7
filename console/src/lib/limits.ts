/** Shortest and longest free text that is kept for ever, in characters; the server has the same. */
export const REASON_MIN = 5;
export const REASON_MAX = 200;
/** Shortest passphrase, in characters. */
export const PASSPHRASE_MIN = 15;
/** Largest file that is traced in the browser, in bytes; larger ones go by the command line. */
export const UPLOAD_BYTES_MAX = 64 << 20;
