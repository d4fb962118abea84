/** Makes the Nx project graph and refuses to go on when it does not hold every project with both its tags. */
import { projects } from '../projects.mjs';

export async function refreshGraph() {
  process.env.NX_DAEMON = 'false';
  const { createProjectGraphAsync } = await import('@nx/devkit');
  const graph = await createProjectGraphAsync({ exitOnError: false });
  for (const { name, kind, org } of projects()) {
    if (!kind || !org) throw new Error(`${name} lacks a kind: or an org: tag in the nx.tags of its package.json.`);
    const tags = graph.nodes[name]?.data.tags ?? [];
    if (!tags.includes(`kind:${kind}`) || !tags.includes(`org:${org}`))
      throw new Error(`The project graph does not know ${name} with its tags.`);
  }
  return graph;
}
