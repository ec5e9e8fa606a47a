//! Who sees a plan and what hangs on it.
//!
//! A plan that was released is for everybody; any other is for those who work on plans. The same rule holds for its
//! tasks, indicators, statements, lights and systems: they are seen by whoever sees the plan.

use hutong_kernel::permission::{Action, Scope};
use hutong_kernel::{OpContext, Target};

use crate::plan::Plan;

/// Does the caller see this plan?
pub fn sees_plan(ctx: &OpContext, plan: &Plan) -> bool {
    let action = if plan.released { Action::ViewReleasedPlans } else { Action::ViewPlans };
    ctx.may(action, Target::Any).is_ok()
}

/// Does the caller see plans that were not released?
pub fn sees_unreleased(ctx: &OpContext) -> bool {
    ctx.principal.scope(Action::ViewPlans) != Scope::None
}
