//! The reader's tests: what honest writers make passes, each rule refuses its own case, chance finds nothing else.

mod honest;
