//! The ordinary files of a developer's repository: no person is in any of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::{BASE64, HEXLOWER};
use doldam_ground::entropy;

use crate::seed::{Seed, SeededEntropy, index_below};

/// Path with slashes to content.
type Files = BTreeMap<String, Vec<u8>>;

/// Packages in the lock file: each has an integrity line of 88 base64 characters.
const PACKAGES: usize = 180;
/// Modules of source code.
const MODULES: usize = 24;
/// Lines of each log.
const LOG_LINES: usize = 2_000;

const README: &str = "\
# neoulbit-nft

Membership NFT platform: collections, drops, wallets.

    npm ci
    npm run migrate
    npm run dev

Members sign in at the bank. Test data is made by `npm run seed`; do not use customers' files.
";
const IGNORE: &str = "node_modules/\ndist/\nlogs/\nold/\n.env\n*.sqlite\n";
const SETTINGS: &str = "\
# copied to the server by hand
PORT=8080
RPC_URL=http://127.0.0.1:8545
CHAIN_ID=31337
SESSION_HOURS=12
";
const CONTRACT: &str = "\
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract Membership {
    mapping(uint256 => address) public ownerOf;
    uint256 public next = 1;

    event Transfer(address indexed from, address indexed to, uint256 indexed id);

    function mint(address to) external returns (uint256 id) {
        id = next++;
        ownerOf[id] = to;
        emit Transfer(address(0), to, id);
    }
}
";
const NOUNS: [&str; 12] = [
    "collection",
    "drop",
    "wallet",
    "member",
    "gift",
    "token",
    "metadata",
    "session",
    "signature",
    "redemption",
    "export",
    "queue",
];
const VERBS: [&str; 8] = ["create", "load", "list", "check", "send", "close", "count", "render"];

/// What is in the last commit.
pub(super) fn committed(seed: &Seed) -> Files {
    let mut files = Files::new();
    let mut put = |path: &str, text: String| files.insert(path.to_owned(), text.into_bytes());
    put("README.md", README.to_owned());
    put(".gitignore", IGNORE.to_owned());
    put("package.json", package(seed));
    put("package-lock.json", lock(&mut seed.child("lock").entropy()));
    put("contracts/Membership.sol", CONTRACT.to_owned());
    put("docs/deploy.md", format!("# Deploy\n\n```\n{SETTINGS}```\n"));
    for number in 0..MODULES {
        let (noun, verb) = (NOUNS[number % NOUNS.len()], VERBS[number % VERBS.len()]);
        let mut source = seed.child("module").numbered(number as u64).entropy();
        put(&format!("src/{noun}/{verb}{number}.ts"), module(&mut source, noun, verb));
        put(&format!("test/{noun}.{verb}{number}.test.ts"), test(&mut source, noun, verb));
    }
    files
}

/// What lies in the folder and is ignored by git.
pub(super) fn uncommitted(seed: &Seed) -> Files {
    let mut files = Files::new();
    files.insert(".env".to_owned(), SETTINGS.as_bytes().to_vec());
    for name in ["access", "worker", "chain"] {
        let mut source = seed.child("log").child(name).entropy();
        files.insert(format!("logs/{name}.log"), log(&mut source).into_bytes());
    }
    files
}

fn package(seed: &Seed) -> String {
    let patch = index_below(&mut seed.child("version").entropy(), 40);
    format!(
        "{{\n  \"name\": \"neoulbit-nft\",\n  \"version\": \"1.4.{patch}\",\n  \"private\": true,\n  \
         \"scripts\": {{ \"dev\": \"vite\", \"seed\": \"tsx scripts/seed.ts\" }}\n}}\n"
    )
}

/// A lock file: `sha512-` and the base64 of 64 bytes, the very shape of a CI.
fn lock(source: &mut SeededEntropy) -> String {
    let mut out = "{\n  \"name\": \"neoulbit-nft\",\n  \"lockfileVersion\": 3,\n  \
                   \"packages\": {\n"
        .to_owned();
    for number in 0..PACKAGES {
        let (verb, noun) = (VERBS[index_below(source, 8)], NOUNS[index_below(source, 12)]);
        let version = format!("{}.{}.{}", number % 9, index_below(source, 20), number % 30);
        let integrity = BASE64.encode(&entropy::bytes::<64>(source));
        let name = format!("{verb}-{noun}-{number}");
        let comma = if number + 1 == PACKAGES { "" } else { "," };
        write!(
            out,
            "    \"node_modules/{name}\": {{\n      \"version\": \"{version}\",\n      \
             \"resolved\": \"https://registry.example/{name}/-/{name}-{version}.tgz\",\n      \
             \"integrity\": \"sha512-{integrity}\"\n    }}{comma}\n"
        )
        .expect("a String takes every write");
    }
    out + "  }\n}\n"
}

fn module(source: &mut SeededEntropy, noun: &str, verb: &str) -> String {
    let topic = hexadecimal::<32>(source);
    let limit = 10 + index_below(source, 990);
    let mut out = format!(
        "import {{ store }} from '../store';\n\n// keccak256 of the event's name\n\
         const TOPIC = '0x{topic}';\nconst LIMIT = {limit};\n\n"
    );
    for number in 0..3 + index_below(source, 6) {
        let step = VERBS[index_below(source, VERBS.len())];
        write!(
            out,
            "export async function {verb}_{noun}_{step}{number}(id: bigint): Promise<boolean> {{\n  \
             const row = await store.{step}('{noun}', id, {{ topic: TOPIC, limit: LIMIT }});\n  \
             return row !== undefined && row.version >= {};\n}}\n\n",
            index_below(source, 50)
        )
        .expect("a String takes every write");
    }
    out
}

fn test(source: &mut SeededEntropy, noun: &str, verb: &str) -> String {
    let identifier = uuid(source);
    let address = hexadecimal::<20>(source);
    format!(
        "import {{ expect, test }} from 'vitest';\n\ntest('{verb} {noun}', async () => {{\n  \
         const id = '{identifier}';\n  const owner = '0x{address}';\n  \
         expect(owner.length + id.length).toBe(78);\n}});\n"
    )
}

/// Log lines with milliseconds since 1970 (13 digits, like a resident number), order numbers,
/// transaction hashes and request ids.
fn log(source: &mut SeededEntropy) -> String {
    let mut out = String::new();
    let mut time_ms: u64 = 1_756_861_920_000;
    for _ in 0..LOG_LINES {
        time_ms += entropy::below(source, 90_000);
        let (verb, noun) = (VERBS[index_below(source, 8)], NOUNS[index_below(source, 12)]);
        let detail = match index_below(source, 4) {
            0 => format!("tx=0x{}", hexadecimal::<32>(source)),
            1 => format!("request={}", uuid(source)),
            2 => format!("order=20250903-{:06}", index_below(source, 1_000_000)),
            _ => format!("took_us={}", index_below(source, 90_000)),
        };
        let level = ["INFO", "INFO", "INFO", "WARN"][index_below(source, 4)];
        writeln!(out, "{time_ms} {level} {noun}.{verb} {detail}")
            .expect("a String takes every write");
    }
    out
}

fn hexadecimal<const N: usize>(source: &mut SeededEntropy) -> String {
    HEXLOWER.encode(&entropy::bytes::<N>(source))
}

/// A random UUID (RFC 9562, version 4).
fn uuid(source: &mut SeededEntropy) -> String {
    let mut bytes: [u8; 16] = entropy::bytes(source);
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = HEXLOWER.encode(&bytes);
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
