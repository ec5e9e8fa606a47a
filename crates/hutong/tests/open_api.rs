//! The API's description, whole: a changed answer is a changed snapshot, and somebody must look at it.

use std::sync::Arc;

use hutong_testkit::{FakeClock, TempStore};
use hutong_web::App;

#[test]
fn the_description_of_the_api_is_locked() -> anyhow::Result<()> {
    let store = TempStore::open(Vec::new())?;
    let parts = hutong_web::testing::parts(store.store().clone(), Arc::new(FakeClock::default()), &[]);
    let (_, description) = hutong::api::api(&App::new(parts));
    insta::assert_snapshot!(description.to_pretty_json()?);
    Ok(())
}
