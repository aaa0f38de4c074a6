//! What the round trip promises, as examples that a person can read and as laws for trees and texts made by chance.

mod examples;
mod laws;
mod trees;
