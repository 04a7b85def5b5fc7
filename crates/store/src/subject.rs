//! Subjects, their sealed records and the blind index.
//!
//! Writers stage rows under an import; readers see the rows of live imports only. The bulk inserts
//! want their rows sorted by primary key: with a million subjects that is the difference between
//! appending to the index and rewriting most of it for every chunk.

use doldam_ground::Kind;
use doldam_ground::ids::{Handle, ImportId, Ordinal};

use crate::value::{Column, Insert, Lookup, ManySql, Value};
use crate::{StoreError, Tx};

/// Digests to be written or asked for, one a row.
#[derive(Clone, Default)]
pub struct Digests {
    /// Numbers of the kind table.
    pub kinds: Vec<i64>,
    /// Keyed hashes of normalised values.
    pub digests: Vec<[u8; 16]>,
}

impl Digests {
    /// Adds one row.
    pub fn push(&mut self, kind: Kind, digest: [u8; 16]) {
        self.kinds.push(i64::from(kind.number()));
        self.digests.push(digest);
    }

    /// How many rows there are.
    pub const fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    pub const fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }
}

/// Records to be written, one a row.
#[derive(Clone, Default)]
pub struct Records {
    /// Whose.
    pub ordinals: Vec<i64>,
    /// ISO 639-1 codes.
    pub languages: Vec<String>,
    /// The sealed attributes.
    pub sealed: Vec<Vec<u8>>,
}

/// A record as it was found.
pub struct Record {
    /// The import that brought it.
    pub import: ImportId,
    /// ISO 639-1 code.
    pub language: String,
    /// The sealed attributes.
    pub sealed: Vec<u8>,
}

/// Stages new subjects: dense ordinals with their random handles.
pub fn insert(
    tx: &mut Tx<'_>,
    import: ImportId,
    ordinals: &[i64],
    handles: &[i64],
) -> Result<(), StoreError> {
    const INTO: Insert =
        Insert { table: "subject", columns: &["ordinal", "handle", "import_id"], conflict: "" };
    let import = Column::SameInt(i64::from(import.number()));
    tx.insert_many(&INTO, &[Column::Int(ordinals), Column::Int(handles), import]).map(drop)
}

/// Stages the way back from handles to ordinals; sort by handle.
pub fn insert_handles(
    tx: &mut Tx<'_>,
    import: ImportId,
    handles: &[i64],
    ordinals: &[i64],
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "subject_handle",
        columns: &["handle", "ordinal", "import_id"],
        conflict: "",
    };
    let import = Column::SameInt(i64::from(import.number()));
    tx.insert_many(&INTO, &[Column::Int(handles), Column::Int(ordinals), import]).map(drop)
}

/// Stages sealed records; sort by ordinal.
pub fn insert_records(
    tx: &mut Tx<'_>,
    import: ImportId,
    records: &Records,
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "subject_record",
        columns: &["ordinal", "import_id", "language", "sealed"],
        conflict: "",
    };
    let columns = [
        Column::Int(&records.ordinals),
        Column::SameInt(i64::from(import.number())),
        Column::Text(&records.languages),
        Column::Blob(&records.sealed),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

/// Stages digests; sort by kind, then digest, each at most once. A digest that its subject already
/// has stays as it is, with the import that first brought it, even if this import retired it a
/// moment ago; one that an earlier import replaced and nobody has swept away yet is brought back.
pub fn insert_digests(
    tx: &mut Tx<'_>,
    import: ImportId,
    digests: &Digests,
    ordinals: &[i64],
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "blind_index",
        columns: &["kind", "digest", "ordinal", "import_id"],
        conflict: "ON CONFLICT (kind, digest, ordinal) DO UPDATE
                   SET retired_by = NULL,
                       import_id = CASE WHEN blind_index.retired_by = excluded.import_id
                                        THEN blind_index.import_id ELSE excluded.import_id END
                   WHERE blind_index.retired_by IS NOT NULL",
    };
    let columns = [
        Column::Int(&digests.kinds),
        Column::Digest(&digests.digests),
        Column::Int(ordinals),
        Column::SameInt(i64::from(import.number())),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

/// Marks digests as replaced by a staging import; they are gone once it is live. One that an
/// earlier import replaced stays replaced by that one, whatever becomes of this.
pub fn retire_digests(
    tx: &mut Tx<'_>,
    import: ImportId,
    digests: &Digests,
    ordinals: &[i64],
) -> Result<(), StoreError> {
    const SQL: ManySql = ManySql {
        sqlite: "UPDATE blind_index SET retired_by = ?4
                 WHERE kind = ?1 AND digest = ?2 AND ordinal = ?3 AND retired_by IS NULL",
        postgres: "UPDATE blind_index SET retired_by = ?4
                   FROM unnest(?1, ?2, ?3) AS u(kind, digest, ordinal)
                   WHERE blind_index.kind = u.kind AND blind_index.digest = u.digest
                     AND blind_index.ordinal = u.ordinal AND blind_index.retired_by IS NULL",
    };
    let columns = [
        Column::Int(&digests.kinds),
        Column::Digest(&digests.digests),
        Column::Int(ordinals),
        Column::SameInt(i64::from(import.number())),
    ];
    tx.execute_many(&SQL, &columns).map(drop)
}

pub(crate) const BY_DIGEST: Lookup = Lookup {
    sqlite: "SELECT b.ordinal FROM blind_index b
             JOIN import i ON i.id = b.import_id AND i.state = 'live'
             LEFT JOIN import r ON r.id = b.retired_by
             WHERE b.kind = ?1 AND b.digest = ?2
               AND (b.retired_by IS NULL OR r.state <> 'live')",
    postgres: "SELECT u.row, b.ordinal
               FROM unnest(?1, ?2) WITH ORDINALITY AS u(kind, digest, row)
               JOIN blind_index b ON b.kind = u.kind AND b.digest = u.digest
               JOIN import i ON i.id = b.import_id AND i.state = 'live'
               LEFT JOIN import r ON r.id = b.retired_by
               WHERE b.retired_by IS NULL OR r.state <> 'live'",
};

/// Which subjects hold these values. `visit` gets the row of the question and one holder.
pub fn find_by_digests(
    tx: &mut Tx<'_>,
    digests: &Digests,
    visit: &mut dyn FnMut(usize, Ordinal) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let columns = [Column::Int(&digests.kinds), Column::Digest(&digests.digests)];
    tx.lookup_many(&BY_DIGEST, &columns, &mut |place, row| {
        visit(place, Ordinal::new(row.get_u32(0)?))
    })
}

pub(crate) const BY_HANDLE: Lookup = Lookup {
    sqlite: "SELECT h.ordinal FROM subject_handle h
             JOIN import i ON i.id = h.import_id AND i.state = 'live'
             WHERE h.handle = ?1",
    postgres: "SELECT u.row, h.ordinal
               FROM unnest(?1) WITH ORDINALITY AS u(handle, row)
               JOIN subject_handle h ON h.handle = u.handle
               JOIN import i ON i.id = h.import_id AND i.state = 'live'",
};

/// Which subject each handle belongs to; handles of erased or unknown subjects are not visited.
pub fn find_by_handles(
    tx: &mut Tx<'_>,
    handles: &[i64],
    visit: &mut dyn FnMut(usize, Ordinal) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.lookup_many(&BY_HANDLE, &[Column::Int(handles)], &mut |place, row| {
        visit(place, Ordinal::new(row.get_u32(0)?))
    })
}

pub(crate) const HANDLE: Lookup = Lookup {
    sqlite: "SELECT s.handle FROM subject s
             JOIN import i ON i.id = s.import_id AND i.state = 'live'
             WHERE s.ordinal = ?1",
    postgres: "SELECT u.row, s.handle
               FROM unnest(?1) WITH ORDINALITY AS u(ordinal, row)
               JOIN subject s ON s.ordinal = u.ordinal
               JOIN import i ON i.id = s.import_id AND i.state = 'live'",
};

/// The handle of each ordinal; erased and unknown ones are not visited.
pub fn handles_of(
    tx: &mut Tx<'_>,
    ordinals: &[i64],
    visit: &mut dyn FnMut(usize, Handle) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.lookup_many(&HANDLE, &[Column::Int(ordinals)], &mut |place, row| {
        visit(place, Handle::new(row.get_int(0)?.cast_unsigned()))
    })
}

pub(crate) const RECORD: Lookup = Lookup {
    sqlite: "SELECT r.import_id, r.language, r.sealed FROM subject_record r
             JOIN import i ON i.id = r.import_id AND i.state = 'live'
             WHERE r.ordinal = ?1 ORDER BY r.import_id DESC LIMIT 1",
    postgres: "SELECT u.row, r.import_id, r.language, r.sealed
               FROM unnest(?1) WITH ORDINALITY AS u(ordinal, row)
               CROSS JOIN LATERAL
                 (SELECT s.import_id, s.language, s.sealed FROM subject_record s
                  JOIN import i ON i.id = s.import_id AND i.state = 'live'
                  WHERE s.ordinal = u.ordinal ORDER BY s.import_id DESC LIMIT 1) AS r",
};

/// The newest live record of each ordinal.
pub fn records_of(
    tx: &mut Tx<'_>,
    ordinals: &[i64],
    visit: &mut dyn FnMut(usize, Record) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.lookup_many(&RECORD, &[Column::Int(ordinals)], &mut |place, row| {
        let record = Record {
            import: ImportId::new(row.get_u32(0)?),
            language: row.get_text(1)?,
            sealed: row.get_blob(2)?,
        };
        visit(place, record)
    })
}

/// The first ordinal that was never given to a subject, erased ones included.
pub fn ordinal_end(tx: &mut Tx<'_>) -> Result<u32, StoreError> {
    let end = tx.query_one(
        "SELECT coalesce(max(last), -1) + 1 FROM
           (SELECT max(ordinal) AS last FROM subject
            UNION ALL SELECT max(ordinal) AS last FROM erasure) AS lasts",
        &[],
        |row| row.get_u32(0),
    )?;
    Ok(end.unwrap_or(0))
}

/// Like [`ordinal_end`], as if `import` had enrolled nobody.
pub fn ordinal_end_before(tx: &mut Tx<'_>, import: ImportId) -> Result<u32, StoreError> {
    let end = tx.query_one(
        "SELECT coalesce(max(last), -1) + 1 FROM
           (SELECT max(ordinal) AS last FROM subject WHERE import_id <> ?1
            UNION ALL SELECT max(ordinal) AS last FROM erasure) AS lasts",
        &[import.number().into()],
        |row| row.get_u32(0),
    )?;
    Ok(end.unwrap_or(0))
}

/// How many subjects are visible.
pub fn count(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let count = tx.query_one(
        "SELECT count(*) FROM subject s
         JOIN import i ON i.id = s.import_id AND i.state = 'live'",
        &[],
        |row| row.get_int(0),
    )?;
    Ok(count.unwrap_or(0).cast_unsigned())
}

/// All visible ordinals, ascending; those whose notices are in `language` when one is given.
pub fn select(tx: &mut Tx<'_>, language: Option<&str>) -> Result<Vec<Ordinal>, StoreError> {
    let ordinal = |row: &crate::Row<'_>| row.get_u32(0).map(Ordinal::new);
    match language {
        None => tx.query(
            "SELECT s.ordinal FROM subject s
             JOIN import i ON i.id = s.import_id AND i.state = 'live' ORDER BY s.ordinal",
            &[],
            ordinal,
        ),
        Some(language) => tx.query(
            "SELECT r.ordinal FROM subject_record r
             JOIN import i ON i.id = r.import_id AND i.state = 'live'
             WHERE r.language = ?1 AND NOT EXISTS
               (SELECT 1 FROM subject_record n
                JOIN import j ON j.id = n.import_id AND j.state = 'live'
                WHERE n.ordinal = r.ordinal AND n.import_id > r.import_id)
             ORDER BY r.ordinal",
            &[language.into()],
            ordinal,
        ),
    }
}

const HOLDS_RESIDENT_NUMBER: &str = "SELECT 1 FROM resident_number
     WHERE import_id IN (SELECT id FROM import WHERE state = 'live') LIMIT 1";

pub(crate) const HOLDS_KIND: &str = "SELECT 1 FROM blind_index
     WHERE kind = ?1 AND import_id IN (SELECT id FROM import WHERE state = 'live')
       AND (retired_by IS NULL OR retired_by NOT IN (SELECT id FROM import WHERE state = 'live'))
     LIMIT 1";

/// Whether any visible subject holds a value of this kind.
pub fn holds_kind(tx: &mut Tx<'_>, kind: Kind) -> Result<bool, StoreError> {
    let number = u32::from(kind.number());
    let found = if kind == Kind::RRN {
        tx.query_one(HOLDS_RESIDENT_NUMBER, &[], |_| Ok(()))?
    } else {
        tx.query_one(HOLDS_KIND, &[number.into()], |_| Ok(()))?
    };
    Ok(found.is_some())
}

pub(crate) const PROVENANCE: Lookup = Lookup {
    sqlite: "SELECT b.import_id FROM blind_index b
             JOIN import i ON i.id = b.import_id AND i.state = 'live'
             LEFT JOIN import r ON r.id = b.retired_by
             WHERE b.kind = ?1 AND b.digest = ?2 AND b.ordinal = ?3
               AND (b.retired_by IS NULL OR r.state <> 'live')",
    postgres: "SELECT u.row, b.import_id
               FROM unnest(?1, ?2, ?3) WITH ORDINALITY AS u(kind, digest, ordinal, row)
               JOIN blind_index b ON b.kind = u.kind AND b.digest = u.digest
                 AND b.ordinal = u.ordinal
               JOIN import i ON i.id = b.import_id AND i.state = 'live'
               LEFT JOIN import r ON r.id = b.retired_by
               WHERE b.retired_by IS NULL OR r.state <> 'live'",
};

/// The imports that first brought each of these values of these subjects; `None` for a value that
/// the subject does not have.
pub fn provenance(
    tx: &mut Tx<'_>,
    digests: &Digests,
    ordinals: &[i64],
) -> Result<Vec<Option<ImportId>>, StoreError> {
    let mut found = vec![None; digests.len()];
    let columns =
        [Column::Int(&digests.kinds), Column::Digest(&digests.digests), Column::Int(ordinals)];
    tx.lookup_many(&PROVENANCE, &columns, &mut |place, row| {
        found[place] = Some(ImportId::new(row.get_u32(0)?));
        Ok(())
    })?;
    Ok(found)
}

/// Removes every row of a subject but its erasure. `digests` are those of its values.
pub fn erase(tx: &mut Tx<'_>, ordinal: Ordinal, digests: &Digests) -> Result<(), StoreError> {
    let number = Value::from(ordinal.number());
    for (kind, digest) in digests.kinds.iter().zip(&digests.digests) {
        tx.execute(
            "DELETE FROM blind_index WHERE kind = ?1 AND digest = ?2 AND ordinal = ?3",
            &[(*kind).into(), digest.into(), number],
        )?;
    }
    for sql in [
        "DELETE FROM subject_record WHERE ordinal = ?1",
        "DELETE FROM resident_number WHERE ordinal = ?1",
        "DELETE FROM subject_handle WHERE handle IN
           (SELECT handle FROM subject WHERE ordinal = ?1)",
        "DELETE FROM subject WHERE ordinal = ?1",
    ] {
        tx.execute(sql, &[number])?;
    }
    Ok(())
}

/// Stages resident numbers, apart from the records.
pub fn insert_resident_numbers(
    tx: &mut Tx<'_>,
    import: ImportId,
    ordinals: &[i64],
    digests: &[[u8; 16]],
    sealed: &[Vec<u8>],
) -> Result<(), StoreError> {
    const INTO: Insert = Insert {
        table: "resident_number",
        columns: &["ordinal", "import_id", "digest", "sealed"],
        conflict: "",
    };
    let columns = [
        Column::Int(ordinals),
        Column::SameInt(i64::from(import.number())),
        Column::Digest(digests),
        Column::Blob(sealed),
    ];
    tx.insert_many(&INTO, &columns).map(drop)
}

pub(crate) const BY_RESIDENT_DIGEST: Lookup = Lookup {
    sqlite: "SELECT n.ordinal FROM resident_number n
             JOIN import i ON i.id = n.import_id AND i.state = 'live'
             WHERE n.digest = ?1 AND NOT EXISTS
               (SELECT 1 FROM resident_number m
                JOIN import j ON j.id = m.import_id AND j.state = 'live'
                WHERE m.ordinal = n.ordinal AND m.import_id > n.import_id)",
    postgres: "SELECT u.row, n.ordinal
               FROM unnest(?1) WITH ORDINALITY AS u(digest, row)
               JOIN resident_number n ON n.digest = u.digest
               JOIN import i ON i.id = n.import_id AND i.state = 'live'
               WHERE NOT EXISTS
                 (SELECT 1 FROM resident_number m
                  JOIN import j ON j.id = m.import_id AND j.state = 'live'
                  WHERE m.ordinal = n.ordinal AND m.import_id > n.import_id)",
};

/// Which subjects hold these resident numbers, by digests of the resident index; one that a later
/// live import replaced is held no more.
pub fn find_by_resident_digests(
    tx: &mut Tx<'_>,
    digests: &[[u8; 16]],
    visit: &mut dyn FnMut(usize, Ordinal) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    tx.lookup_many(&BY_RESIDENT_DIGEST, &[Column::Digest(digests)], &mut |place, row| {
        visit(place, Ordinal::new(row.get_u32(0)?))
    })
}

/// The newest live sealed resident number of a subject, with its import.
pub fn resident_number(
    tx: &mut Tx<'_>,
    ordinal: Ordinal,
) -> Result<Option<(ImportId, Vec<u8>)>, StoreError> {
    tx.query_one(
        "SELECT n.import_id, n.sealed FROM resident_number n
         JOIN import i ON i.id = n.import_id AND i.state = 'live'
         WHERE n.ordinal = ?1 ORDER BY n.import_id DESC LIMIT 1",
        &[ordinal.number().into()],
        |row| Ok((ImportId::new(row.get_u32(0)?), row.get_blob(1)?)),
    )
}
