//! The help, as people read it.

use crate::support::{plain, said};

#[test]
fn the_help_teaches() {
    let help = said(plain().arg("--help").output().unwrap());
    let lines: Vec<_> = help.out.lines().map(str::trim_end).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_command_has_help_that_fits_a_screen() {
    for command in [
        "join", "invite", "status", "list", "search", "new", "cat", "append", "move", "trash", "import",
        "export", "sync", "mirror", "replay",
    ] {
        let help = said(plain().args([command, "-h"]).output().unwrap());
        assert_eq!(help.code, 0);
        assert!(help.out.contains("Usage: sheaf"), "{command}");
        assert!(help.out.lines().count() <= 40, "{command}: nobody reads more than a screen");
        assert!(!help.out.contains("SHEAF_PASSWORD="), "{command}: values of the environment are not shown");
    }
}

#[test]
fn a_wrong_question_is_answered_with_the_right_one() {
    let wrong = said(plain().args(["lst"]).output().unwrap());
    assert_eq!((wrong.code, wrong.out.as_str()), (2, ""));
    assert!(wrong.err.contains("'list'"), "{}", wrong.err);
    assert_eq!(said(plain().output().unwrap()).code, 2, "without a word, help is shown");
}
