/** How many messages of partners one process has taken in since it started, as it tells its operators. */
import type { ServiceProcess } from './service-process.js';

export async function messagesKept({ name, observeUrl }: ServiceProcess): Promise<number> {
  if (observeUrl === undefined) throw new Error(`${name} was not asked to have metrics.`);
  const metrics = await (await fetch(`${observeUrl}/metrics`)).text();
  return [...metrics.matchAll(/^convenant_messages_received_total\{.*outcome="kept".*\} (\d+)$/gm)].reduce(
    (sum, [, kept]) => sum + Number(kept),
    0,
  );
}
