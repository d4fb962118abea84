/** Notes what goes wrong in the background when it begins, when its cause changes and when it is over: it is tried again every second. */
import type { OperatorLog } from './definition.js';
import { failureFacts } from './failure-facts.js';

/** What it returns never rejects. The code says which work failed, and names the same work each time. */
export function noteWhenItChanges(operatorLog: OperatorLog): (work: Promise<void>, code: string) => Promise<void> {
  const causes = new Map<string, string>();
  return (work, code) =>
    work.then(
      () => {
        if (causes.delete(code)) operatorLog.note('info', 'goes-on', { after: code });
      },
      (error: unknown) => {
        const facts = failureFacts(error);
        const cause = Object.values(facts).join(' ');
        if (causes.get(code) !== cause) operatorLog.note('error', code, facts);
        causes.set(code, cause);
      },
    );
}
