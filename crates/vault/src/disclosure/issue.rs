//! Issuing a disclosure: from an order and a selection to a file that may leave.

use data_encoding::HEXLOWER as HEX;
use doldam_ground::ids::{ApprovalId, DisclosureId, DomainId, Ordinal};
use doldam_ground::limits::CANARIES_MAX;
use doldam_ground::{Kind, entropy};
use doldam_store::disclosure::{self, Disclosure};
use doldam_store::processor::{self, Processor};
use doldam_store::{StoreError, Tx, audit, installation};
use roaring::RoaringBitmap;
use sha2::{Digest as _, Sha256};

use super::canary::{Planted, plant};
use super::manifest::{Manifest, Parts};
use super::{Field, Order, order_to_bytes};
use crate::approval::{Act, Consent, StaffMember};
use crate::error::VaultError;
use crate::pseudonym::Member;
use crate::reveal::require_purpose;
use crate::vault::{Actor, Numbered, Vault, members_to_bytes};

/// Records that are opened at a time for raw values.
const OPENED_AT_A_TIME: usize = 8_192;

/// A finished file that may leave: its disclosure is durable. It has no `Debug`.
pub struct Drop {
    /// The disclosure.
    pub id: DisclosureId,
    /// The processor.
    pub processor: Processor,
    /// Whether the processor was registered by this order.
    pub processor_is_new: bool,
    /// The CSV file: UTF-8, a header line of kind ids, CRLF line ends (RFC 4180).
    pub csv: Vec<u8>,
    /// The signed manifest.
    pub manifest: Manifest,
    /// Real subjects in the file.
    pub subjects: u64,
    /// Canaries in the file.
    pub canaries: u64,
}

/// What another room writes in the transaction of a disclosure.
pub type Attached = Box<dyn FnMut(&mut Tx<'_>) -> Result<(), StoreError> + Send>;

impl Vault {
    /// Makes a disclosure of `selected` subjects. Erased subjects are left out.
    pub fn disclose(
        &self,
        order: &Order,
        selected: &[Ordinal],
        actor: &Actor,
    ) -> Result<Drop, VaultError> {
        let nothing = |_: &Drop| Ok::<Attached, VaultError>(Box::new(|_| Ok(())));
        self.disclose_with(order, selected, actor, nothing)
    }

    /// Like [`Vault::disclose`]. `attach` sees the file before anything of it is durable; what it
    /// gives is written in the transaction of the disclosure, so that both are there or neither.
    pub fn disclose_with<E: From<VaultError>>(
        &self,
        order: &Order,
        selected: &[Ordinal],
        actor: &Actor,
        attach: impl FnOnce(&Drop) -> Result<Attached, E>,
    ) -> Result<Drop, E> {
        require_purpose(&order.purpose)?;
        check_fields(&order.fields)?;
        let members = self.living(selected)?;
        let consent = if order.raw { Some(self.consent(order, &members)?) } else { None };
        let (processor, processor_is_new) =
            self.processor(&order.processor, &order.relation, actor)?;
        let _one_at_a_time = self.numbering(Numbered::Disclosure);
        let id = self.read("disclosure.next", disclosure::next_id)?;
        let fields = self.fields(order, &processor)?;
        let planted = self.choose_canaries(order, members.len())?;
        let rows = self.shuffle(&members, &planted);
        let csv = self.write_rows(order, &fields, id, &rows, &planted)?;
        let given_at = self.now();
        let manifest = self.manifest(&Parts {
            id,
            processor: &processor,
            purpose: &order.purpose,
            fields: &fields,
            rows: rows.len(),
            given_at,
            return_by: order.return_by,
            origin: "issued",
            sha256: Sha256::digest(&csv).into(),
            bytes: csv.len(),
        });
        let subjects: RoaringBitmap =
            members.iter().map(|member| member.ordinal.number()).collect();
        let all: RoaringBitmap = rows.iter().map(|member| member.ordinal.number()).collect();
        let order_of_rows: Vec<Ordinal> = rows.iter().map(|member| member.ordinal).collect();
        let row = Disclosure {
            id,
            processor: processor.id,
            purpose: order.purpose.clone(),
            fields: Field::list_text(&fields),
            origin: "issued".to_owned(),
            state: "prepared".to_owned(),
            given_at,
            return_by: order.return_by,
            subject_count: u32::try_from(members.len()).unwrap_or(u32::MAX),
            canary_count: u32::try_from(planted.len()).unwrap_or(u32::MAX),
            stray_count: 0,
            members: members_to_bytes(&all),
            row_order: order_to_bytes(&order_of_rows),
            manifest: manifest.text().to_owned(),
            signature: manifest.signature().to_vec(),
        };
        let action = if order.raw { "disclosure.issue_raw" } else { "disclosure.issue" };
        let canaries = planted.len() as u64;
        let why = consent.map_or_else(|| order.purpose.clone(), |one| one.purpose(&order.purpose));
        let count = subjects.len();
        let file =
            Drop { id, processor, processor_is_new, csv, manifest, subjects: count, canaries };
        let attached = attach(&file)?;
        self.commit(row, &planted, consent, actor, action, &why, &subjects, attached)?;
        Ok(file)
    }

    /// Asks a second person to agree that these people's real values are given: the request that the
    /// order names as its consent later, word for word the same. `words` are the order as it was
    /// given, without personal data; they are kept until the consent is used or runs out.
    ///
    /// Fails with [`VaultError::Invalid`] without a requester.
    pub fn request_raw(
        &self,
        order: &Order,
        selected: &[Ordinal],
        words: &str,
    ) -> Result<ApprovalId, VaultError> {
        require_purpose(&order.purpose)?;
        check_fields(&order.fields)?;
        if order.approval.is_some() {
            return Err(VaultError::Invalid("this was asked for already"));
        }
        let requester = requester(order)?;
        let (act, summary) = raw_act(order, &self.living(selected)?);
        self.file_request(&act, &summary, requester, Some(words))
    }

    /// One transaction: disclosure, canaries, consent, log row.
    #[expect(clippy::too_many_arguments, reason = "the parts of one transaction")]
    fn commit(
        &self,
        row: Disclosure,
        planted: &[Planted],
        consent: Option<Consent>,
        actor: &Actor,
        action: &'static str,
        purpose: &str,
        subjects: &RoaringBitmap,
        mut attached: Attached,
    ) -> Result<(), VaultError> {
        let entry = self.entry(actor, action, row.id.to_string(), purpose, Some(subjects));
        let (canaries, digests, ordinals) = self.canary_rows(planted);
        let (id, now) = (row.id, self.now());
        let fields = Field::parse_list(&row.fields)?;
        let used: Vec<DomainId> = fields.iter().filter_map(|field| field.domain).collect();
        Ok(self.data.write("disclosure.issue", move |tx| {
            expect_working(tx, &used)?;
            if let Some(consent) = &consent {
                consent.spend(tx, now)?;
            }
            disclosure::insert(tx, &row)?;
            if !canaries.ordinals.is_empty() {
                disclosure::insert_canaries(tx, id, &canaries)?;
            }
            disclosure::insert_markers(tx, id, &digests, &ordinals)?;
            installation::put(tx, "last_disclosure", &id.to_string())?;
            attached(tx)?;
            audit::append(tx, &entry).map(drop)
        })?)
    }

    /// The selected subjects that are not erased, each once, by ordinal.
    fn living(&self, selected: &[Ordinal]) -> Result<Vec<Member>, VaultError> {
        let once: RoaringBitmap = selected.iter().map(|ordinal| ordinal.number()).collect();
        let ordinals: Vec<Ordinal> = once.iter().map(Ordinal::new).collect();
        let handles = self.handles_of(&ordinals)?;
        let members: Vec<Member> = ordinals
            .into_iter()
            .zip(handles)
            .filter_map(|(ordinal, handle)| handle.map(|handle| Member { handle, ordinal }))
            .collect();
        if members.is_empty() {
            return Err(VaultError::NobodySelected {
                hint: "check --subjects; `all` selects everybody who is enrolled",
            });
        }
        Ok(members)
    }

    /// A raw hand-over needs a second person who agrees to exactly these people and fields.
    fn consent(&self, order: &Order, members: &[Member]) -> Result<Consent, VaultError> {
        let requester = requester(order)?;
        let (act, summary) = raw_act(order, members);
        self.require_approval(&act, &summary, requester, order.approval)
    }

    fn fields(&self, order: &Order, processor: &Processor) -> Result<Vec<Field>, VaultError> {
        order
            .fields
            .iter()
            .map(|kind| {
                let domain = if order.raw {
                    None
                } else {
                    Some(self.domain_for(processor.id, &order.purpose, *kind)?.id)
                };
                let bound = order.bound && !order.raw;
                Ok(Field { kind: *kind, raw: order.raw, domain, bound })
            })
            .collect()
    }

    fn choose_canaries(&self, order: &Order, subjects: usize) -> Result<Vec<Planted>, VaultError> {
        let count = order.canaries.unwrap_or_else(|| (subjects / 100).clamp(3, CANARIES_MAX));
        if count > CANARIES_MAX {
            let limit = CANARIES_MAX as u64;
            return Err(VaultError::Limit { what: "the number of canaries", limit });
        }
        let first = self.read("disclosure.canary_end", disclosure::canary_end)?;
        Ok(plant(first, count, &order.fields, self.language(), &mut **self.entropy()))
    }

    /// Subjects and canaries in a random order (Fisher and Yates): the order is itself evidence.
    fn shuffle(&self, members: &[Member], planted: &[Planted]) -> Vec<Member> {
        let mut rows: Vec<Member> = members.to_vec();
        rows.extend(planted.iter().map(|canary| canary.member));
        let mut source = self.entropy();
        for place in (1..rows.len()).rev() {
            let other = entropy::below(&mut **source, place as u64 + 1);
            rows.swap(place, usize::try_from(other).expect("it is not above a place"));
        }
        rows
    }

    fn write_rows(
        &self,
        order: &Order,
        fields: &[Field],
        id: DisclosureId,
        rows: &[Member],
        planted: &[Planted],
    ) -> Result<Vec<u8>, VaultError> {
        let columns = if order.raw {
            self.raw_columns(&order.fields, rows, planted)?
        } else {
            fields
                .iter()
                .map(|field| self.pseudonym_column(field, id, rows))
                .collect::<Result<Vec<_>, _>>()?
        };
        let mut csv = Vec::new();
        let header: Vec<&str> = order.fields.iter().map(|kind| kind.id()).collect();
        write_line(&mut csv, header.into_iter());
        for place in 0..rows.len() {
            write_line(&mut csv, columns.iter().map(|column| column[place].as_str()));
        }
        Ok(csv)
    }

    fn pseudonym_column(
        &self,
        field: &Field,
        id: DisclosureId,
        rows: &[Member],
    ) -> Result<Vec<String>, VaultError> {
        let domains = self.domains()?;
        let domain = domains.iter().find(|domain| Some(domain.id) == field.domain);
        let domain = domain.ok_or(VaultError::Damaged { what: "domain" })?;
        let key = self.domain_key(domain)?.ok_or(VaultError::Damaged { what: "domain salt" })?;
        key.issue(field.bound.then_some(id), rows, self.language())
    }

    fn raw_columns(
        &self,
        fields: &[Kind],
        rows: &[Member],
        planted: &[Planted],
    ) -> Result<Vec<Vec<String>>, VaultError> {
        let mut columns = vec![vec![String::new(); rows.len()]; fields.len()];
        let places: std::collections::HashMap<u32, usize> =
            rows.iter().enumerate().map(|(place, row)| (row.ordinal.number(), place)).collect();
        let subjects: Vec<Ordinal> =
            rows.iter().map(|row| row.ordinal).filter(|ordinal| !ordinal.is_canary()).collect();
        for chunk in subjects.chunks(OPENED_AT_A_TIME) {
            for unsealed in self.unseal(chunk)? {
                let place = places[&unsealed.ordinal.number()];
                for (column, kind) in columns.iter_mut().zip(fields) {
                    if let Some(value) = unsealed.attributes.get(*kind) {
                        column[place].clone_from(value.expose());
                    }
                }
            }
        }
        for canary in planted {
            let place = places[&canary.member.ordinal.number()];
            for (column, kind) in columns.iter_mut().zip(fields) {
                if let Some(value) = canary.attributes.get(*kind) {
                    column[place].clone_from(value.expose());
                }
            }
        }
        Ok(columns)
    }
}

/// Refuses pseudonyms of a domain that was suspended while the file was being made.
fn expect_working(tx: &mut Tx<'_>, used: &[DomainId]) -> Result<(), StoreError> {
    let domains = if used.is_empty() { Vec::new() } else { processor::domains(tx)? };
    let works = |id: &DomainId| {
        domains.iter().any(|domain| domain.id == *id && domain.state == crate::domain::ACTIVE)
    };
    used.iter().all(works).then_some(()).ok_or(StoreError::State {
        what: "a domain was suspended while the file was being made: nothing was given",
    })
}

fn requester(order: &Order) -> Result<StaffMember, VaultError> {
    order.requester.ok_or(VaultError::Invalid(
        "a raw hand-over is asked for by a member of staff: add --as NAME --secret-file FILE",
    ))
}

/// The act to which a second person agrees, and how it is told to them.
fn raw_act(order: &Order, members: &[Member]) -> (Act, String) {
    let people: RoaringBitmap = members.iter().map(|member| member.ordinal.number()).collect();
    let people = HEX.encode(&Sha256::digest(members_to_bytes(&people)));
    let fields = order.fields.iter().map(|kind| kind.id()).collect::<Vec<_>>().join(",");
    let act = Act::new("disclose.raw", &[&order.processor, &order.purpose, &fields, &people]);
    let summary = format!(
        "raw hand-over of {} subjects to {}: {fields}; {}",
        members.len(),
        order.processor,
        order.purpose
    );
    (act, summary)
}

fn check_fields(fields: &[Kind]) -> Result<(), VaultError> {
    if fields.is_empty() {
        return Err(VaultError::Invalid("name at least one field: --fields nickname,ci"));
    }
    for (place, kind) in fields.iter().enumerate() {
        if *kind == Kind::RRN {
            return Err(VaultError::Kind {
                kind: kind.id().to_owned(),
                what: "given out: resident numbers never leave (Network Act 23-6)",
            });
        }
        if fields[..place].contains(kind) {
            let kind = kind.id().to_owned();
            return Err(VaultError::Kind { kind, what: "given twice in one file" });
        }
    }
    Ok(())
}

/// One line of RFC 4180.
fn write_line<'a>(out: &mut Vec<u8>, fields: impl Iterator<Item = &'a str>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            out.push(b',');
        }
        if field.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
            out.push(b'"');
            out.extend_from_slice(field.replace('"', "\"\"").as_bytes());
            out.push(b'"');
        } else {
            out.extend_from_slice(field.as_bytes());
        }
    }
    out.extend_from_slice(b"\r\n");
}
