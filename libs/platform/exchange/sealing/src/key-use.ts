/** For whom a scope key opens: the one rule that every adapter of `ScopeKeys` asks before it touches a private half. */
import type { KeyUse, ScopeKeyDescription } from '@convenant/exchange';

/**
 * A matching by the service itself sees identity (K1) and nothing else. A person sees what her role was named for.
 * Medical data opens for a person in the named role who works with this client alone: to read, or to take into her own file,
 * for which the taking table has a row of its own (a physician keeps what her statement rests on).
 */
export function opensFor(scope: ScopeKeyDescription, use: KeyUse): boolean {
  if (use.use === 'matching') return scope.category === 'K1' && !scope.medical;
  if (!scope.roles.includes(use.role)) return false;
  return !scope.medical || use.assigned;
}
