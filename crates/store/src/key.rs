//! The key store's tables: what is destroyed here makes data unreadable.

use doldam_ground::ids::{DomainId, Ordinal};

use crate::value::{Column, Insert, Lookup, ManySql};
use crate::{StoreError, Tx};

/// Subjects' data keys to be written, one a row.
#[derive(Clone, Default)]
pub struct SubjectKeys {
    /// Whose.
    pub ordinals: Vec<i64>,
    /// The wrapped keys.
    pub wrapped: Vec<Vec<u8>>,
}

/// Writes subjects' keys of one generation; a key that is there already is replaced.
pub fn insert_subject_keys(
    tx: &mut Tx<'_>,
    generation: u32,
    keys: &SubjectKeys,
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "subject_key",
        columns: &["ordinal", "generation", "wrapped"],
        conflict: "ON CONFLICT (ordinal) DO UPDATE
                   SET generation = excluded.generation, wrapped = excluded.wrapped",
    };
    let columns = [
        Column::Int(&keys.ordinals),
        Column::SameInt(i64::from(generation)),
        Column::Blob(&keys.wrapped),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

pub(crate) const SUBJECT_KEY: Lookup = Lookup {
    sqlite: "SELECT generation, wrapped FROM subject_key WHERE ordinal = ?1",
    postgres: "SELECT u.row, k.generation, k.wrapped
               FROM unnest(?1) WITH ORDINALITY AS u(ordinal, row)
               JOIN subject_key k ON k.ordinal = u.ordinal",
};

/// The wrapped keys of subjects; destroyed ones are not visited. `visit` gets the row of the
/// question, the generation and the wrapped key.
pub fn subject_keys(
    tx: &mut Tx<'_>,
    ordinals: &[i64],
    visit: &mut dyn FnMut(usize, u32, &[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.lookup_many(&SUBJECT_KEY, &[Column::Int(ordinals)], &mut |place, row| {
        visit(place, row.get_u32(0)?, row.get_blob_ref(1)?)
    })
}

/// Visits the ordinal of every subject that has a key, ascending.
pub fn subject_key_ordinals(tx: &mut Tx<'_>, visit: &mut dyn FnMut(u32)) -> Result<(), StoreError> {
    tx.for_each("SELECT ordinal FROM subject_key ORDER BY ordinal", &[], &mut |row| {
        visit(row.get_u32(0)?);
        Ok(())
    })
}

pub(crate) const KEYS_BEFORE: &str = "SELECT ordinal, generation, wrapped FROM subject_key
     WHERE ordinal >= ?3 AND generation < ?1 ORDER BY ordinal LIMIT ?2";

/// Up to `limit` keys that are wrapped under a generation older than `generation`, by ordinal, of
/// the ordinals from `first` on: whoever goes through all of them passes over none twice.
pub fn subject_keys_before(
    tx: &mut Tx<'_>,
    generation: u32,
    first: u32,
    limit: u32,
) -> Result<Vec<(Ordinal, u32, Vec<u8>)>, StoreError> {
    tx.query(KEYS_BEFORE, &[generation.into(), limit.into(), first.into()], |row| {
        Ok((Ordinal::new(row.get_u32(0)?), row.get_u32(1)?, row.get_blob(2)?))
    })
}

/// Destroys subjects' keys. Safe to repeat.
pub fn destroy_subject_keys(tx: &mut Tx<'_>, ordinals: &[i64]) -> Result<(), StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "DELETE FROM subject_key WHERE ordinal = ?1",
        postgres: "DELETE FROM subject_key WHERE ordinal = ANY(?1)",
    };
    if ordinals.is_empty() {
        return Ok(());
    }
    tx.execute_many(&SQL, &[Column::Int(ordinals)]).map(drop)
}

/// Destroys the keys of all ordinals from `first` on: what an abandoned import left behind.
pub fn destroy_subject_keys_from(tx: &mut Tx<'_>, first: u32) -> Result<(), StoreError> {
    tx.execute("DELETE FROM subject_key WHERE ordinal >= ?1", &[first.into()]).map(drop)
}

/// A domain's salt as it is kept.
pub struct DomainSalt {
    /// Which root the domain key derives from.
    pub generation: u32,
    /// `working` or `forensics`: which key wraps the salt.
    pub custody: String,
    /// The wrapped salt.
    pub wrapped: Vec<u8>,
}

/// Writes a domain's salt, replacing the one that is there.
pub fn put_domain_salt(
    tx: &mut Tx<'_>,
    domain: DomainId,
    salt: &DomainSalt,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO domain_salt (domain_id, generation, custody, wrapped) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (domain_id) DO UPDATE SET generation = excluded.generation,
           custody = excluded.custody, wrapped = excluded.wrapped",
        &[
            domain.number().into(),
            salt.generation.into(),
            (&salt.custody).into(),
            (&salt.wrapped).into(),
        ],
    )
    .map(drop)
}

/// A domain's salt; `None` once it is destroyed.
pub fn domain_salt(tx: &mut Tx<'_>, domain: DomainId) -> Result<Option<DomainSalt>, StoreError> {
    tx.query_one(
        "SELECT generation, custody, wrapped FROM domain_salt WHERE domain_id = ?1",
        &[domain.number().into()],
        |row| {
            Ok(DomainSalt {
                generation: row.get_u32(0)?,
                custody: row.get_text(1)?,
                wrapped: row.get_blob(2)?,
            })
        },
    )
}

/// Destroys a domain's salt. Safe to repeat.
pub fn destroy_domain_salt(tx: &mut Tx<'_>, domain: DomainId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM domain_salt WHERE domain_id = ?1", &[domain.number().into()]).map(drop)
}
