//! Every limit of the product, in one place: sizes, depths, counts and times.
//!
//! A limit that is hit is an error that names itself; nothing is cut off silently.

/// Longest line that any reader of outside text accepts, in bytes.
pub const LINE_BYTES_MAX: usize = 1 << 20;
/// Longest single field of a CSV or NDJSON row, in bytes.
pub const FIELD_BYTES_MAX: usize = 64 << 10;
/// Most columns that a table read from outside may have.
pub const COLUMNS_MAX: usize = 512;
/// Longest value of one attribute, in bytes after normalisation.
pub const VALUE_BYTES_MAX: usize = 4 << 10;
/// Most attributes of one subject.
pub const ATTRIBUTES_MAX: usize = 64;
/// Most subjects of one installation: ordinals below the canaries' range.
pub const SUBJECTS_MAX: u32 = 1 << 31;
/// Most rows of one file that is traced.
pub const TRACE_ROWS_MAX: usize = 50_000_000;
/// Largest file that is taken in as evidence, in bytes.
pub const EVIDENCE_BYTES_MAX: u64 = 16 << 30;
/// Deepest nesting of archives in archives that the scanner opens.
pub const ARCHIVE_DEPTH_MAX: usize = 8;
/// Most entries of one archive.
pub const ARCHIVE_ENTRIES_MAX: usize = 1_000_000;
/// Largest unpacked size of one archive, in bytes.
pub const ARCHIVE_BYTES_MAX: u64 = 64 << 30;
/// Largest ratio of unpacked to packed bytes of one archive entry over its first mebibyte.
pub const ARCHIVE_RATIO_MAX: u64 = 1_100;
/// Largest git object that is read, in bytes.
pub const GIT_OBJECT_BYTES_MAX: u64 = 1 << 30;
/// Most canaries that are planted in one disclosure.
pub const CANARIES_MAX: usize = 1_000;
/// Days for which a backup of keys is kept unless told otherwise.
pub const KEY_BACKUP_DAYS: u32 = 90;
/// Days for which an approval may be used.
pub const APPROVAL_DAYS: i64 = 1;
/// Most commands that the writer joins into one commit.
pub const GROUP_COMMANDS_MAX: usize = 1_000;
/// Longest that the writer waits for more commands before it commits, in microseconds.
pub const GROUP_WAIT_US: u64 = 2_000;
/// Most commands that may wait for the writer; one more is told to try again.
pub const QUEUE_COMMANDS_MAX: usize = 10_000;
/// Most reading connections of a store, and most connections to PostgreSQL.
pub const CONNECTIONS_MAX: usize = 16;
/// Longest that a reader waits for a free connection, in microseconds.
pub const CONNECTION_WAIT_US: u64 = 30_000_000;
/// Most attempts at one PostgreSQL transaction that others keep getting in the way of.
pub const TRANSACTION_ATTEMPTS_MAX: u32 = 5;
/// Most rows that one statement of a bulk call carries to PostgreSQL.
pub const BATCH_ROWS_MAX: usize = 20_000;
/// Most attempts at one durable job before it waits for a person.
pub const JOB_ATTEMPTS_MAX: u32 = 12;
/// Longest pause between two attempts at one durable job, in microseconds.
pub const JOB_PAUSE_US_MAX: i64 = 3_600_000_000;
/// Largest text of one legal table, in bytes.
pub const LAW_TABLE_BYTES_MAX: usize = 4 << 20;
/// Most rows of one legal table.
pub const LAW_ROWS_MAX: usize = 10_000;
/// Longest trigger of a duty, in bytes.
pub const TRIGGER_BYTES_MAX: usize = 4 << 10;
/// Deepest nesting of parentheses and negations in a trigger.
pub const TRIGGER_DEPTH_MAX: usize = 32;
/// Longest note of a duty, in characters.
pub const NOTE_CHARACTERS_MAX: usize = 200;
/// Longest reference to a piece of evidence, in bytes.
pub const EVIDENCE_REFERENCE_BYTES_MAX: usize = 200;
/// Most events of one legal clock.
pub const CLOCK_EVENTS_MAX: usize = 10_000;
/// Most notices that a gateway may hold without having answered.
pub const NOTICE_WINDOW_MAX: usize = 10_000;
/// Most parts of one notice that is too long for one short message.
pub const NOTICE_PARTS_MAX: usize = 40;
/// Most attempts at one notice that the gateway keeps refusing for a passing reason.
pub const NOTICE_ATTEMPTS_MAX: u32 = 8;
/// Most receipts of one gateway that are kept although they belong to no notice yet.
pub const STRAY_RECEIPTS_MAX: u64 = 100_000;
/// Longest PDU that is read from a gateway, in bytes.
pub const SMPP_PDU_BYTES_MAX: usize = 64 << 10;
/// Longest template of a notice, in bytes.
pub const TEMPLATE_BYTES_MAX: usize = 32 << 10;
/// Most lines of a timeline that are read at once.
pub const TIMELINE_ROWS_MAX: u32 = 10_000;
/// Most facts of an incident that are answered at once.
pub const INCIDENT_FACTS_MAX: usize = 500;
/// Longest title of an incident, in characters.
pub const TITLE_CHARACTERS_MAX: usize = 200;
/// Minutes that a request waits for a second person before one officer may carry it alone.
pub const BREAK_GLASS_WAIT_MINUTES: i64 = 60;
/// Most consents that are carried by one officer alone within [`BREAK_GLASS_DAYS`].
pub const BREAK_GLASS_ACTS_MAX: u32 = 3;
/// Days over which consents by break-glass are counted.
pub const BREAK_GLASS_DAYS: i64 = 30;
/// Fewest characters of the reason for a consent by break-glass.
pub const BREAK_GLASS_REASON_CHARACTERS_MIN: usize = 10;
/// Largest file of a certificate or its key, in bytes.
pub const CERTIFICATE_BYTES_MAX: u64 = 1 << 20;
/// Longest pseudonym that a processor may send, in bytes.
pub const PSEUDONYM_BYTES_MAX: usize = 128;
/// Most pseudonyms that are exchanged for those of a newer epoch in one request.
pub const REMAP_MAX: usize = 10_000;
/// Longest value of a message that a processor asks for, in characters.
pub const MESSAGE_VALUE_CHARACTERS_MAX: usize = 60;
/// Most variables of such a message.
pub const MESSAGE_VARIABLES_MAX: usize = 16;
/// Most messages that a processor may ask for to one pseudonym in a day.
pub const MESSAGES_PER_PSEUDONYM_DAY_MAX: u64 = 3;
/// Most messages that one person is sent in a day, whichever processors ask for them.
pub const MESSAGES_PER_PERSON_DAY_MAX: u64 = 5;
/// Most messages that a processor may ask for in a day.
pub const MESSAGES_PER_PROCESSOR_DAY_MAX: u64 = 20_000;
/// Most messages that are sent in one go.
pub const MESSAGE_BATCH_MAX: u32 = 1_000;
/// Most days for which a notice on a web site may be promised to stand.
pub const POSTING_DAYS_MAX: u32 = 366;
/// Most notices that a web site shows: those that stand come first.
pub const POSTINGS_SHOWN_MAX: u32 = 200;
