/** The address of a KurrentDB cluster as an operator writes it: what is accepted, and what is wrong, without ever quoting it. */

const form =
  /^(?:kurrentdb|esdb)(?:\+discover)?:\/\/(?:[^:@/?#\s]+:[^:@/?#\s]+@)?[a-z0-9.-]+(?::\d{1,5})?(?:,[a-z0-9.-]+(?::\d{1,5})?)*\/?(?:\?([^?#\s]*))?$/i;
const flag = /^(true|false)$/;
const number = /^\d{1,9}$/;
const file = /^.+$/;

/** By name without hyphens, underscores and capitals, as the driver compares them. */
const options: Readonly<Record<string, RegExp>> = {
  tls: flag,
  tlscafile: file,
  usercertfile: file,
  userkeyfile: file,
  // Every read is asked of the leader, so another preference would only fail.
  nodepreference: /^leader$/i,
  connectionname: file,
  maxdiscoverattempts: number,
  discoveryinterval: number,
  gossiptimeout: number,
  keepaliveinterval: number,
  keepalivetimeout: number,
  defaultdeadline: number,
};

/**
 * What is wrong with the address, in words that follow the name of a setting; undefined when nothing is. The driver prints an address with
 * its password when it meets an option that it does not know, so such an address never reaches it.
 */
export function wrongWith(address: string): string | undefined {
  const [whole, query = ''] = form.exec(address) ?? [];
  if (whole === undefined)
    return 'must be an address like kurrentdb://user:password@host:2113?tls=true or kurrentdb+discover://cluster.example:2113';
  for (const option of query.split('&').filter(Boolean)) {
    const [name = '', value = '', ...rest] = option.split('=');
    const known = Object.entries(options).find(([key]) => key === name.toLowerCase().replace(/[_-]/g, ''));
    if (!known)
      return 'has an option that is not known here; those of docs/decisions/0024-kurrentdb-experimental.md are';
    if (rest.length > 0 || !known[1].test(value)) return `has a wrong value for ${known[0]}`;
  }
  return undefined;
}
