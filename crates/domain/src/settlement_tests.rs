//! The settlement's rules, each with its refusal or exception, and its conservation as properties.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

const EUR: Currency = Currency::EUR;

fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

fn work(number: u128) -> WorkId {
    WorkId::new(Uuid::from_u128(number))
}

fn click(number: u128, points: i64) -> FrozenClick {
    FrozenClick { work: work(number), points: Points::new(points).expect("points"), carries: 0 }
}

fn purse(budget: i64, available: i64) -> Purse {
    let (budget, available) = (Micros::new(budget), Micros::new(available));
    Purse { currency: EUR, budget, available, fixed: vec![], collected: vec![] }
}

fn patron(clicks: Vec<FrozenClick>, purse: Purse) -> PatronInputs {
    PatronInputs { patron: account(1), clicks, purses: vec![purse], gives_unspent: false }
}

fn claimed() -> WorkTerms {
    WorkTerms { payee: Some(account(9)), ..WorkTerms::default() }
}

fn share(inputs: &PatronInputs, works: &[(u128, WorkTerms)]) -> Statement {
    let works: BTreeMap<_, _> =
        works.iter().map(|(id, terms)| (work(*id), terms.clone())).collect();
    let unknown = WorkTerms::default();
    let terms = |id: WorkId| works.get(&id).unwrap_or(&unknown);
    let plan = share_patron(inputs, terms, &Policy::obole()).expect("in range");
    plan.statements.into_iter().next().expect("one purse")
}

#[test]
fn the_means_are_shared_by_points() {
    let inputs = patron(vec![click(1, 3), click(2, 1)], purse(4_000_000, 9_000_000));
    let statement = share(&inputs, &[(1, claimed()), (2, claimed())]);
    let shares: Vec<i64> = statement.lines.iter().map(|line| line.share.get()).collect();
    assert_eq!(shares, [3_000_000, 1_000_000]);
    assert_eq!(statement.paid_total(), Ok(Micros::units(4)));
}

#[test]
fn nobody_pays_for_a_work_without_a_claim() {
    let inputs = patron(vec![click(1, 1), click(2, 1)], purse(4_000_000, 4_000_000));
    let statement = share(&inputs, &[(1, claimed())]);
    assert_eq!(statement.paid_total(), Ok(Micros::units(2)));
    assert_eq!(statement.promised_total(), Ok(Micros::units(2)));
}

#[test]
fn a_refusing_work_leaves_its_part_to_the_others() {
    let refused = WorkTerms { is_refused: true, ..claimed() };
    let no_euros = WorkTerms { currencies_refused: BTreeSet::from([EUR]), ..claimed() };
    let inputs = patron(vec![click(1, 1), click(2, 5), click(3, 5)], purse(2_000_000, 2_000_000));
    let statement = share(&inputs, &[(1, claimed()), (2, refused), (3, no_euros)]);
    let states: Vec<LineState> = statement.lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Paid, LineState::Refused, LineState::Currency]);
    assert_eq!(statement.paid_total(), Ok(Micros::units(2)));
}

#[test]
fn who_came_to_control_a_work_gets_nothing_of_their_own() {
    let own = WorkTerms { payee: Some(account(1)), ..WorkTerms::default() };
    let inputs = patron(vec![click(1, 1), click(2, 1)], purse(2_000_000, 2_000_000));
    let statement = share(&inputs, &[(1, own), (2, claimed())]);
    let states: Vec<LineState> = statement.lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Refused, LineState::Paid]);
}

#[test]
fn an_unfunded_patrons_clicks_move_three_times_and_then_lapse() {
    let tired = FrozenClick { carries: 3, ..click(2, 1) };
    let inputs = patron(vec![click(1, 1), tired], purse(5_000_000, 1_999_999));
    let statement = share(&inputs, &[(1, claimed()), (2, claimed())]);
    let states: Vec<LineState> = statement.lines.iter().map(|line| line.state).collect();
    assert_eq!(states, [LineState::Carried, LineState::Lapsed]);
    assert_eq!(statement.taken_total(), Ok(Micros::ZERO));
}

#[test]
fn fixed_amounts_come_first_each_in_full_or_not_at_all() {
    let fixed = |number, micros| Fixed { work: work(number), amount: Micros::new(micros) };
    let mut purse = purse(3_000_000, 3_000_000);
    purse.fixed = vec![fixed(1, 2_000_000), fixed(2, 1_500_000), fixed(3, 500_000)];
    let statement =
        share(&patron(vec![click(4, 1)], purse), &[(1, claimed()), (2, claimed()), (4, claimed())]);
    let lines: Vec<_> = statement.lines.iter().map(|line| (line.state, line.share.get())).collect();
    let expected = [
        (LineState::Paid, 2_000_000),
        (LineState::Skipped, 0),
        (LineState::Promised, 500_000),
        (LineState::Paid, 500_000),
    ];
    assert_eq!(lines, expected);
    assert_eq!(statement.means_shared, Micros::new(500_000));
}

#[test]
fn an_unspent_budget_goes_where_the_patron_or_the_policy_says() {
    let mut inputs = patron(vec![], purse(3_000_000, 9_000_000));
    assert_eq!(share(&inputs, &[]).to_pool, Micros::ZERO);
    inputs.gives_unspent = true;
    assert_eq!(share(&inputs, &[]).to_pool, Micros::units(3));
    inputs.clicks = vec![click(1, 1)];
    assert_eq!(share(&inputs, &[]).to_pool, Micros::ZERO);
}

#[test]
fn a_funded_currency_keeps_the_clicks_from_moving() {
    let dollars = Currency::iso("USD").expect("ISO");
    let mut inputs = patron(vec![click(1, 1)], purse(3_000_000, 3_000_000));
    inputs.purses.push(Purse { currency: dollars, ..purse(3_000_000, 0) });
    let unknown = WorkTerms::default();
    let plan = share_patron(&inputs, |_| &unknown, &Policy::obole()).expect("in range");
    let states: Vec<_> = plan.statements.iter().map(|s| (s.currency, s.lines.len())).collect();
    assert_eq!(states, [(EUR, 1), (dollars, 0)]);
}

#[test]
fn the_fee_is_rounded_down() {
    let credit = credit(Micros::new(19), &Policy::obole()).expect("in range");
    assert_eq!((credit.fee.get(), credit.net.get()), (1, 18));
}

#[test]
fn those_who_receive_must_give_where_the_policy_says_so() {
    assert!(waits_for_giving(Micros::new(1_999_999), &Policy::flattr_2010()));
    assert!(!waits_for_giving(Micros::units(2), &Policy::flattr_2010()));
    assert!(!waits_for_giving(Micros::ZERO, &Policy::obole()));
}

#[test]
fn a_promise_stands_for_twelve_months() {
    let promised = Period::new(2026, 1).expect("a month");
    assert!(!is_promise_over(promised, Period::new(2026, 12).expect("a month")));
    assert!(is_promise_over(promised, Period::new(2027, 1).expect("a month")));
}

prop_compose! {
    fn any_terms()(kind in 0..4, payee in 100_u128..104) -> WorkTerms {
        let payee = (kind != 1).then(|| account(payee));
        let currencies_refused = if kind == 3 { BTreeSet::from([EUR]) } else { BTreeSet::new() };
        WorkTerms { payee, is_refused: kind == 2, currencies_refused }
    }
}

prop_compose! {
    fn any_patron()(
        number in 0_u128..u128::MAX,
        clicks in proptest::collection::btree_map(0_u128..12, (1_i64..=10_000, 0_i64..=3), 0..8),
        (budget, available) in (0_i64..20_000_000, 0_i64..20_000_000),
        fixed in proptest::collection::vec((0_u128..12, 1_i64..4_000_000), 0..3),
        collected in proptest::collection::btree_map(0_u128..12, 1_i64..1_000_000, 0..3),
        gives_unspent: bool,
    ) -> PatronInputs {
        let mut purse = purse(budget, available);
        purse.fixed = fixed.into_iter()
            .map(|(id, micros)| Fixed { work: work(id), amount: Micros::new(micros) }).collect();
        let period = Period::new(2026, 1).expect("a month");
        purse.collected = collected.into_iter()
            .map(|(id, micros)| (work(id), Micros::new(micros)))
            .map(|(work, amount)| Collected { work, period, amount })
            .collect();
        let clicks = clicks.into_iter()
            .map(|(id, (points, carries))| FrozenClick { carries, ..click(id, points) }).collect();
        PatronInputs { patron: account(number), clicks, purses: vec![purse], gives_unspent }
    }
}

prop_compose! {
    fn any_inputs()(
        patrons in proptest::collection::btree_map(0_u128..1_000, any_patron(), 1..12),
        works in proptest::collection::btree_map(0_u128..12, any_terms(), 0..12),
        flattr: bool,
    ) -> Inputs {
        let patrons = patrons.into_iter()
            .map(|(number, patron)| PatronInputs { patron: account(number), ..patron }).collect();
        let works = works.into_iter().map(|(id, terms)| (work(id), terms)).collect();
        let policy = if flattr { Policy::flattr_2010() } else { Policy::obole() };
        Inputs { patrons, works, policy }
    }
}

proptest! {
    #[test]
    fn a_plan_does_not_depend_on_order(inputs in any_inputs()) {
        let mut reversed = inputs.clone();
        reversed.patrons.reverse();
        reversed.patrons.iter_mut().for_each(|patron| patron.clicks.reverse());
        prop_assert_eq!(plan(&inputs), plan(&reversed));
    }

    #[test]
    fn a_patron_never_pays_more_than_the_budget_or_the_wallet(inputs in any_inputs()) {
        let plan = plan(&inputs).expect("in range");
        for patron in &inputs.patrons {
            let mine = plan.patrons.iter().find(|plan| plan.patron == patron.patron);
            for (statement, purse) in mine.expect("planned").statements.iter().zip(&patron.purses) {
                let new = statement.taken_total().expect("in range")
                    .minus(statement.collected_total().expect("in range")).expect("in range")
                    .plus(statement.promised_total().expect("in range")).expect("in range");
                prop_assert!(new <= purse.budget.min(purse.available).max(Micros::ZERO));
            }
        }
    }

    #[test]
    fn what_is_taken_is_what_arrives(inputs in any_inputs()) {
        let plan = plan(&inputs).expect("in range");
        let statements = || plan.patrons.iter().flat_map(|plan| &plan.statements);
        let taken = Micros::sum(statements().map(|s| s.taken_total().expect("in range")));
        let pool = Micros::sum(statements().map(|s| s.to_pool)).expect("in range");
        let arrived = Micros::sum(plan.credits.values().flat_map(|c| [c.fee, c.net]));
        prop_assert_eq!(taken, arrived.and_then(|arrived| arrived.plus(pool)));
    }

    #[test]
    fn every_click_is_listed_once(inputs in any_inputs()) {
        let plan = plan(&inputs).expect("in range");
        for patron in &inputs.patrons {
            let mine = plan.patrons.iter().find(|plan| plan.patron == patron.patron);
            for statement in &mine.expect("planned").statements {
                let clicks = statement.lines.iter().filter(|line| line.points > 0);
                let listed: Vec<_> = clicks.map(|line| line.work).collect();
                let mut clicked: Vec<_> = patron.clicks.iter().map(|click| click.work).collect();
                clicked.sort_unstable();
                prop_assert_eq!(listed, clicked);
            }
        }
    }

    #[test]
    fn nothing_is_left_when_something_can_be_paid(inputs in any_inputs()) {
        let plan = plan(&inputs).expect("in range");
        for statement in plan.patrons.iter().flat_map(|plan| &plan.statements) {
            let clicks = statement.lines.iter().filter(|line| line.points > 0);
            let shared = clicks.filter(|line| line.state.has_share());
            let shares: Vec<Micros> = shared.map(|line| line.share).collect();
            if !shares.is_empty() {
                prop_assert_eq!(Micros::sum(shares), Ok(statement.means_shared));
            }
        }
    }
}
