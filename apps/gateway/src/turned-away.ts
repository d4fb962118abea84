/** Tells an organisation that somebody with a token for it was turned away here, so that it stands in that organisation's access log. */
import type { SubgraphHeaders, TurnedAway } from './caller.js';
import { withSlash } from './subgraph-call.js';

/** The answer to whoever was turned away does not depend on it: an organisation that cannot be reached has nothing to lose here. */
export async function tellTurnedAway({ from }: TurnedAway, headers: SubgraphHeaders, timeoutMs: number): Promise<void> {
  if (!from) return;
  const response = await fetch(new URL('turned-away', withSlash(from.organisation.url)), {
    method: 'POST',
    redirect: 'error',
    headers: await headers.ofTurnedAway(from),
    signal: AbortSignal.timeout(timeoutMs),
  }).catch(() => undefined);
  await response?.body?.cancel();
}
