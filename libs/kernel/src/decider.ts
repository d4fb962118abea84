/** A decider holds the rules of one subject: what happened so far (`evolve`) and what may happen next (`decide`). */

/** Accepting nothing is how a decider says "already done": the same command twice changes nothing. */
export type Decision<Event, Refusal extends string> =
  { readonly accepted: readonly Event[] } | { readonly refused: Refusal };

export interface Decider<Command, Event, State, Refusal extends string> {
  readonly initial: State;
  /** Never throws and never judges: the event happened. */
  evolve(state: State, event: Event): State;
  /** Never waits. Depends on clear fields only; sealed fields pass through unopened. */
  decide(command: Command, state: State): Decision<Event, Refusal>;
}

export const accept = <Event>(...events: Event[]): { accepted: Event[] } => ({ accepted: events });
export const refuse = <Refusal extends string>(refused: Refusal): { refused: Refusal } => ({ refused });

export const fold = <Event, State>(
  decider: { readonly initial: State; evolve(state: State, event: Event): State },
  events: readonly Event[],
): State => events.reduce((state, event) => decider.evolve(state, event), decider.initial);
