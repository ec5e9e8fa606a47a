//! The kit: small functions that draw the parts of a page.
//!
//! Each returns [`maud::Markup`] and takes the words it speaks with; none knows a record or a right. Texts that
//! a part says by itself (the word beside a light, "next page") come from this crate's messages, everything
//! else is passed in.

pub mod chart;
pub mod chips;
pub mod facts;
pub mod form;
pub mod icon;
pub mod light;
pub mod notice;
pub mod pager;
pub mod table;
pub mod url;

pub use chart::{Chart, ChartKind, Series, SeriesRole, chart};
pub use chips::{Chip, chips};
pub use facts::{Change, QuietFooter, Tile, breadcrumbs, diff, facts, quiet_footer, tiles};
pub use form::{
    Choice, Field, Problem, actions, checkbox, error_summary, field, hidden, input, radios, reason, select,
    textarea,
};
pub use icon::Icon;
pub use light::{LightKind, light, light_with};
pub use notice::{Step, StepState, Tone, badge, callout, empty_state, steps};
pub use pager::{Pager, pager};
pub use table::{Align, Column, Table};
pub use url::Address;
