//! Proof files, out and in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hutong_ledger::prove::{prove, prove_record};
use hutong_ledger::verify::{Contents, verify, verify_record};

use crate::Bench;

#[test]
fn every_entry_has_a_proof_that_shows_what_it_says() {
    let bench = Bench::with_entries(300);
    let vkey = bench.vkey();
    for seq in 1..=300 {
        let proof = prove(&bench.place, &bench.journal, seq).unwrap();
        let proven = verify(&proof, &vkey).unwrap();
        assert_eq!((proven.seq, proven.tree_size, proven.origin.as_str()), (seq, 300, crate::ORIGIN));
        let entry = proven.contents.entry().unwrap();
        assert_eq!(entry.entry_id, format!("entry-{seq}"));
        assert_eq!(entry.body["progress_bp"], seq);
    }
}

#[test]
fn what_is_not_in_the_published_ledger_cannot_be_proven_yet() {
    let bench = Bench::unsequenced(5);
    let code = |seq| prove(&bench.place, &bench.journal, seq).unwrap_err().code();
    assert_eq!(code(1), "ledger.not_started");
    bench.catch_up();
    assert_eq!(code(0), "ledger.no_such_entry");
    assert_eq!(code(6), "ledger.no_such_entry");
    assert_eq!(code(u64::MAX), "ledger.no_such_entry");
    bench.journal.append(1);
    assert_eq!(code(6), "ledger.not_sequenced");
}

/// Changes the `extra` part of a proof with `change` and says what verifying it gives.
fn with_extra(proof: &str, vkey: &str, change: impl FnOnce(String) -> String) -> &'static str {
    let extra = proof.lines().nth(1).and_then(|line| line.strip_prefix("extra ")).unwrap();
    let text = String::from_utf8(STANDARD.decode(extra).unwrap()).unwrap();
    let changed = change(text.clone());
    assert_ne!(changed, text);
    match verify(&proof.replace(extra, &STANDARD.encode(changed)), vkey) {
        Ok(_) => "accepted",
        Err(refusal) => refusal.code(),
    }
}

#[test]
fn a_proof_file_that_was_changed_proves_nothing() {
    let bench = Bench::with_entries(20);
    let vkey = bench.vkey();
    let proof = prove(&bench.place, &bench.journal, 12).unwrap();
    let check = |from: &str, to: &str| with_extra(&proof, &vkey, |extra| extra.replacen(from, to, 1));
    assert_eq!(check("monthly", "weekly"), "tlog.merkle.root_differs");
    assert_eq!(check("\"v\":1,", "\"v\":2,"), "ledger.verify.no_entry");
    assert_eq!(check("\"salt\"", "\"salz\""), "ledger.verify.no_entry");
    assert_eq!(check("{\"v\"", "{\"commitment\":\"\",\"v\""), "ledger.verify.no_entry");
    assert_eq!(with_extra(&proof, &vkey, |_| "{}".to_owned()), "ledger.verify.no_entry");

    let without = proof
        .lines()
        .filter(|line| !line.starts_with("extra "))
        .fold(String::new(), |text, line| text + line + "\n");
    assert_eq!(verify(&without, &vkey).unwrap_err().code(), "ledger.verify.no_entry");
    let elsewhere = proof.replace("index 11\n", "index 10\n");
    assert_eq!(verify(&elsewhere, &vkey).unwrap_err().code(), "tlog.merkle.root_differs");
    let other = Bench::with_entries(1);
    assert_eq!(verify(&proof, &other.vkey()).unwrap_err().code(), "tlog.note.not_signed");
    assert_eq!(verify(&proof, "no key").unwrap_err().code(), "tlog.key.bad_form");
}

#[test]
fn an_erased_entry_keeps_its_place_and_its_proof() {
    let bench = Bench::with_entries(40);
    bench.journal.tamper(|leaves| leaves[11].opening = None);
    let report = bench.audit();
    assert!(report.is_clean(), "{:?}", report.findings);
    assert_eq!(report.erased, 1);
    let proof = prove(&bench.place, &bench.journal, 12).unwrap();
    let proven = verify(&proof, &bench.vkey()).unwrap();
    assert_eq!((proven.seq, proven.contents), (12, Contents::Erased));
}

#[test]
fn the_history_of_a_record_is_proven_as_a_whole() {
    let bench = Bench::with_entries(40);
    let vkey = bench.vkey();
    let bundle = prove_record(&bench.place, &bench.journal, "task", "task-7").unwrap();
    let proven = verify_record(&bundle, &vkey).unwrap();
    let versions: Vec<u64> = proven.iter().map(|it| it.contents.entry().unwrap().version).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
    assert_eq!(proven.iter().map(|it| it.seq).collect::<Vec<_>>(), [7, 17, 27, 37]);

    let proofs: Vec<String> =
        [7, 17, 27, 18].map(|seq| prove(&bench.place, &bench.journal, seq).unwrap()).into();
    let code = |picked: &[usize]| {
        let bundle: String = picked.iter().map(|at| proofs[*at].as_str()).collect();
        verify_record(&bundle, &vkey).map_or_else(|refusal| refusal.code(), |_| "accepted")
    };
    assert_eq!(code(&[0, 1, 2]), "accepted");
    assert_eq!(code(&[0, 2]), "ledger.verify.broken_order");
    assert_eq!(code(&[1, 2]), "ledger.verify.broken_order");
    assert_eq!(code(&[0, 3]), "ledger.verify.broken_order");
    assert_eq!(verify_record("", &vkey).unwrap_err().code(), "tlog.proof.bad_header");
    assert_eq!(verify_record(&format!("\n{bundle}"), &vkey).unwrap_err().code(), "tlog.proof.bad_header");

    let missing = prove_record(&bench.place, &bench.journal, "task", "task-11").unwrap_err();
    assert_eq!(missing.code(), "ledger.no_such_record");
}

#[test]
fn a_version_that_does_not_name_the_one_before_breaks_the_chain() {
    let bench = Bench::unsequenced(12);
    // Written so from the beginning, so that commitments, tiles and signature are all in order.
    bench.journal.tamper(|leaves| {
        let leaf = &mut leaves[11];
        let opening = leaf.opening.as_mut().unwrap();
        let at = opening.canonical.find("\"prev_commitment\":\"").unwrap() + 19;
        let digit = if opening.canonical[at..].starts_with('0') { "1" } else { "0" };
        opening.canonical.replace_range(at..=at, digit);
        leaf.commitment = opening.commitment();
    });
    bench.catch_up();
    assert_eq!(bench.audit().findings[0].code(), "ledger.audit.chain_broken");
    let bundle = prove_record(&bench.place, &bench.journal, "task", "task-2").unwrap();
    assert_eq!(verify_record(&bundle, &bench.vkey()).unwrap_err().code(), "ledger.verify.broken_chain");
}

#[test]
fn no_single_changed_byte_makes_a_proof_say_something_else() {
    let bench = Bench::with_entries(20);
    let vkey = bench.vkey();
    let proof = prove(&bench.place, &bench.journal, 12).unwrap();
    let proven = verify(&proof, &vkey).unwrap();
    let mut refused = 0;
    for at in 0..proof.len() {
        for change in [0x01, 0x20] {
            let mut bytes = proof.clone().into_bytes();
            bytes[at] ^= change;
            // What is no text any more is refused before it comes here.
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            match verify(&changed, &vkey) {
                Ok(still) => assert_eq!(still, proven, "byte {at}"),
                Err(_refusal) => refused += 1,
            }
        }
    }
    assert!(proof.len() < refused, "{refused} of {} bytes", proof.len());
}
