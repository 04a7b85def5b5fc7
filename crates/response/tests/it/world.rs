//! A company with customers, a processor that was given some of them, and a copy that turned up.

use std::sync::Arc;

use doldam_ground::ids::{IncidentId, ProcessorId, TraceId};
use doldam_ground::locale::Language;
use doldam_ground::{Instant, Kind, MockClock, Pii};
use doldam_response::incident::{self, Opening, Source as Lead};
use doldam_synthetic::{Column, People, Seed};
use doldam_trace::intake::{take_in, trace_evidence};
use doldam_vault::disclosure::{Filter, Order};
use doldam_vault::keyring::Passphrase;
use doldam_vault::{Actor, Place, Row, Source, StaffMember, Vault};
use tempfile::TempDir;

/// Where the clock stands at first: 2026-11-23 09:00 in Seoul.
const START: &str = "2026-11-23T09:00:00+09:00";
const PURPOSE: &str = "integration test";

/// An open vault with its people, on a clock that moves when told to.
pub(crate) struct World {
    pub(crate) vault: Vault,
    pub(crate) clock: Arc<MockClock>,
    pub(crate) processor: ProcessorId,
    drop: Vec<u8>,
    _folder: TempDir,
}

pub(crate) fn actor() -> Actor {
    Actor { name: "minji".to_owned(), origin: "local".to_owned() }
}

impl World {
    /// A company of `count` customers, all of whom the processor got as pseudonyms.
    pub(crate) fn new(count: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(MockClock::new(Instant::parse(START, "UTC").unwrap()));
        let seed = Seed::new(20_261_123);
        let place = Place {
            folder: folder.path().join("var"),
            postgres: None,
            anchor: folder.path().join("anchor.jsonl"),
            language: Language::Ko,
            clock: clock.clone(),
            entropy: Box::new(seed.child("keys").entropy()),
        };
        let vault = Vault::create(place, &Passphrase::new("correct horse battery")).unwrap();
        let people = People::new(&seed);
        enrol(&vault, &people, count);
        let order = Order {
            processor: "누리집개발".to_owned(),
            relation: "outsourcing".to_owned(),
            purpose: "NFT platform development".to_owned(),
            fields: vec![Kind::NICKNAME, Kind::CI],
            raw: false,
            bound: true,
            canaries: Some(3),
            return_by: None,
            requester: None,
            approval: None,
        };
        let everybody = vault.select(Filter::All).unwrap();
        let drop = vault.disclose(&order, &everybody, &actor()).unwrap();
        vault.disclosure_given(drop.id).unwrap();
        let (processor, drop) = (drop.processor.id, drop.csv);
        Self { vault, clock, processor, drop, _folder: folder }
    }

    /// Traces the first `rows` rows of the processor's copy.
    pub(crate) fn trace(&self, rows: usize) -> TraceId {
        let text = std::str::from_utf8(&self.drop).unwrap();
        let lines: Vec<&str> = text.split_inclusive("\r\n").take(rows + 1).collect();
        let leak = lines.concat();
        let held = take_in(&self.vault, &mut leak.as_bytes(), &actor(), PURPOSE).unwrap();
        let options = doldam_scanner::read::table::TableOptions::default();
        let clock = self.clock.as_ref();
        let traced =
            trace_evidence(&self.vault, &held, &options, &actor(), PURPOSE, clock).unwrap();
        traced.id
    }

    /// An incident that was opened now.
    pub(crate) fn open(&self) -> IncidentId {
        let opening = Opening {
            title: "개발사 저장소의 사본".to_owned(),
            source: Lead::Finding,
            processor: Some(self.processor),
            aware_at: self.vault.now(),
        };
        incident::open(&self.vault, &opening, &actor()).unwrap()
    }

    /// Everything that a bank can answer about itself and about this leak.
    pub(crate) fn learn_all(&self, id: IncidentId) {
        let answers: Vec<(&str, &str)> =
            FACTS.split_whitespace().map(|pair| pair.split_once('=').unwrap()).collect();
        incident::learn(&self.vault, id, &answers, &actor()).unwrap();
    }

    /// Lets hours pass.
    pub(crate) fn wait_hours(&self, hours: u32) {
        (0..hours).for_each(|_| self.clock.advance_us(3_600_000_000));
    }

    /// A member of staff who has proved who they are.
    pub(crate) fn staff(&self, name: &str, role: &str) -> StaffMember {
        let secret = Pii::new(format!("the long secret of {name}"));
        self.vault.staff_add(name, role, &secret, &actor()).unwrap();
        self.vault.staff_prove(name, &secret).unwrap()
    }
}

fn enrol(vault: &Vault, people: &People, count: u32) {
    let source = Source {
        source: "core banking".to_owned(),
        received_at: vault.now(),
        legal_basis: None,
        identify_by: vec![Kind::CI],
    };
    let mut enrolment = vault.enrol(source).unwrap();
    let columns = [Column::Ci, Column::Nickname, Column::Name, Column::Phone];
    for index in 0..count {
        let person = people.person(index);
        let value =
            |column: &Column| Some((column.kind()?, Pii::new(person.expose(*column).to_owned())));
        let values = columns.iter().filter_map(value).collect();
        let row = Row { line: u64::from(index) + 1, values, language: person.language };
        assert!(enrolment.push(row).unwrap().is_empty());
    }
    let (enrolled, refused) = enrolment.finish(&actor(), PURPOSE).unwrap();
    assert_eq!((enrolled.new, refused.len()), (u64::from(count), 0));
}

const FACTS: &str = "
    subject_to(KR)=yes role(controller)=yes role(financial_company)=yes role(ci_user)=yes
    role(processor)=no role(recipient)=no role(virtual_asset_exchange)=no role(us_registrant)=no
    info_service_provider=yes public_body=no isms_p_mandatory=no
    held_subjects=>=1000000 ci_received=>=1000000 turnover_krw=>=1000000000000
    kinds_held=ci,nickname,name,phone
    nis2_entity=no dora_entity=no nydfs_entity=no us_bank=no us_bank_service=no
    ftc_safeguards_entity=no hipaa_entity=no
    certainty=confirmed event=leak path=processor_copy relation=outsourcing leaked_at_processor=yes
    kinds=ci,nickname residents_of(*)=0 occurred_at=2026-10-01T00:00:00Z..2026-11-20T00:00:00Z
    contact_unknown=no was_possible=no possible_notice_sent=no intrusion=no encrypted=no
    takedown_requested=no no_longer_needed=no subprocessing=no new_fact_confirmed=no
    request=none mediation=none order=none court_order=none claim=none refuse=no
    channel=sms message_is_advert=no local_time=14:00
    fds_suspects_fraud_account=no shared_suspect_info=no temp_measure_taken=no relief_requested=no
    police_request=no id_check_failed=no efsr_reported=no closed=no outage_minutes=0
    data_or_program_manipulated=no intrusion_with_user_loss=no electronic_finance_disrupted=no";
