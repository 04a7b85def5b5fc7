//! Pseudonyms a second: issuing and recognising in batches, and the same mode one by one from the
//! `aes-siv` crate as a peer.

use std::process::ExitCode;

use aes_siv::KeyInit;
use aes_siv::siv::Aes256Siv;
use clap::Args;
use doldam_ground::Kind;
use doldam_ground::entropy;
use doldam_ground::ids::{DomainId, Handle, Ordinal};
use doldam_ground::mark::mark_of;
use doldam_vault::keyring::DOMAIN_KEY_BYTES;
use doldam_vault::pseudonym::{CI_CHARACTERS, DomainKey, Member, Recogniser};
use serde_json::json;

use crate::context::Context;
use crate::entropy::SystemEntropy;
use crate::output::grouped;

#[derive(Args)]
pub(crate) struct PseudonymArgs {
    /// Pseudonyms in one round
    #[arg(long, default_value_t = 1_000_000)]
    count: u32,
    /// Rounds; the best, the median and the worst are told
    #[arg(long, default_value_t = 7)]
    rounds: usize,
}

/// Operations a second: worst, median and best round.
struct Rates([u64; 3]);

pub(super) fn run(context: &Context, args: &PseudonymArgs, json: bool) -> anyhow::Result<ExitCode> {
    let key: [u8; DOMAIN_KEY_BYTES] = entropy::bytes(&mut SystemEntropy);
    let members: Vec<Member> = (0..args.count)
        .map(|number| Member {
            handle: Handle::new(entropy::number(&mut SystemEntropy)),
            ordinal: Ordinal::new(number),
        })
        .collect();
    let domain = || DomainKey::new(DomainId::new(1), Kind::CI, &key);
    let mut text = Vec::with_capacity(members.len() * CI_CHARACTERS);
    let issued = measure(context, args, || {
        text.clear();
        domain().issue_ci_into(None, &members, &mut text);
    });
    let key_of_domain = domain();
    let single = measure(context, args, || {
        text.clear();
        for member in &members {
            key_of_domain.issue_ci_into(None, std::slice::from_ref(member), &mut text);
        }
    });
    let texts: Vec<&str> =
        text.chunks(CI_CHARACTERS).map(|text| str::from_utf8(text).unwrap_or_default()).collect();
    let recogniser = Recogniser::new(vec![(domain(), Vec::new())], u64::from(args.count), 0);
    let mut known = 0;
    let recognised = measure(context, args, || {
        known = recogniser.recognise(&texts).iter().flatten().count();
    });
    anyhow::ensure!(known == members.len(), "not every pseudonym was recognised");
    let peer = measure(context, args, || one_by_one(&key, &members, &mut text));
    let what = "CI-shaped pseudonyms (AES-256-SIV, mark, base64), one core, domain-wide";
    if json {
        let rates = |rates: &Rates| json!({ "worst": rates.0[0], "median": rates.0[1], "best": rates.0[2] });
        context.output.json(&json!({
            "schema": 1, "bench": "pseudonym", "what": what, "count": args.count,
            "rounds": args.rounds, "unit": "per second",
            "issue_batched": rates(&issued), "issue_one_by_one": rates(&single), "recognise_batched": rates(&recognised),
            "peer_aes_siv_crate_one_by_one": rates(&peer),
        }))?;
    } else {
        context.output.line(&format!("{what}; {} a round", grouped(u64::from(args.count))))?;
        for (name, rates) in [
            ("issue, in batches", &issued),
            ("issue, one by one", &single),
            ("recognise, in batches", &recognised),
            ("peer: aes-siv crate, one by one", &peer),
        ] {
            let [worst, median, best] = rates.0.map(grouped);
            context.output.line(&format!(
                "  {name:<34} {median:>12}/s  (worst {worst}, best {best} of {} rounds)",
                args.rounds
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn measure(context: &Context, args: &PseudonymArgs, mut run: impl FnMut()) -> Rates {
    let mut rates: Vec<u64> = (0..args.rounds.max(1))
        .map(|_| {
            let started_us = context.clock().elapsed_us();
            run();
            let elapsed_us = (context.clock().elapsed_us() - started_us).max(1);
            u64::from(args.count) * 1_000_000 / elapsed_us
        })
        .collect();
    rates.sort_unstable();
    Rates([rates[0], rates[rates.len() / 2], rates[rates.len() - 1]])
}

/// What a straightforward program does with the crate: one call a pseudonym, then the mark and
/// base64.
fn one_by_one(key: &[u8; DOMAIN_KEY_BYTES], members: &[Member], out: &mut Vec<u8>) {
    out.clear();
    let mut siv = Aes256Siv::new_from_slice(&key[..64]).expect("a SIV key is 64 bytes");
    for member in members {
        let mut body = [0_u8; 44];
        body[..8].copy_from_slice(&member.handle.bits().to_be_bytes());
        let headers: [&[u8]; 0] = [];
        let sealed = siv.encrypt(headers, &body).expect("44 bytes can be sealed");
        let mut bytes = [0_u8; 64];
        bytes[..60].copy_from_slice(&sealed);
        bytes[60..].copy_from_slice(&mark_of(&sealed));
        let mut text = [0_u8; CI_CHARACTERS];
        let _ = base64_simd::STANDARD.encode(&bytes, base64_simd::Out::from_slice(&mut text));
        out.extend_from_slice(&text);
    }
}
