//! The pages of plans. One file for each page; a page's routes stand in its file.

pub mod board;
mod board_filter;
mod bodies;
mod department;
mod edit_task_page;
mod fields_of;
mod home;
pub mod import;
pub mod indicator;
pub mod indicator_edit;
mod indicator_explain;
mod indicator_list;
mod indicator_path;
pub mod indicators;
mod pieces;
pub mod plan;
pub mod plans;
mod record_footer;
mod refused_form;
pub mod review;
mod review_adopt;
mod review_card;
mod review_content;
mod review_decide;
mod review_document;
mod review_fields;
pub mod review_form;
mod standing;
pub mod statement;
pub mod systems;
mod task_list;
mod task_page;
pub mod task_sheet;
mod upload;

use axum::Router;
use hutong_kernel::Action;
use hutong_web::ui::Icon;
use hutong_web::{App, NavigationItem};

pub use pieces::FormRefusal;

/// All pages of this context.
pub fn pages() -> Router<App> {
    Router::new()
        .merge(home::pages())
        .merge(import::pages())
        .merge(review::pages())
        .merge(plans::routes())
        .merge(plan::routes())
        .merge(board::routes())
        .merge(indicators::routes())
        .merge(indicator::routes())
        .merge(indicator_edit::routes())
        .merge(statement::routes())
        .merge(systems::routes())
        .merge(task_sheet::routes())
        .merge(task_list::pages())
        .merge(task_page::pages())
        .merge(edit_task_page::pages())
        .merge(indicator_list::pages())
        .merge(department::pages())
}

/// The words of the navigation that lead to these pages, in their order.
pub fn navigation() -> Vec<NavigationItem> {
    let item = |key, href, action, icon| NavigationItem { key, href, action, icon };
    vec![
        item("nav-home", "/", None, Icon::Home),
        item("nav-import", "/import", Some(Action::ImportDocument), Icon::Import),
        item("nav-plans", "/plans", Some(Action::ViewReleasedPlans), Icon::Plan),
        item("nav-board", "/board", Some(Action::ViewReleasedPlans), Icon::Board),
        item("nav-tasks", "/tasks", Some(Action::ViewReleasedPlans), Icon::Tasks),
        item("nav-indicators", "/indicators", Some(Action::ViewReleasedPlans), Icon::Indicator),
        item("nav-department", "/department", Some(Action::ReportProgress), Icon::Department),
        item("nav-systems", "/systems", Some(Action::ViewPlans), Icon::Systems),
    ]
}
