/** Tells Jest where modules are: @convenant/* at their TypeScript source, and a relative `./x.js` of ours at `./x.ts`. */
const { existsSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');

const root = dirname(dirname(__dirname));
const sources = JSON.parse(process.env.CONVENANT_SOURCES ?? '{}');

module.exports = (request, options) => {
  if (request.startsWith('@convenant/')) {
    const folder = sources[request];
    if (!folder) throw new Error(`${request} is not a project of this workspace (imported from ${options.basedir}).`);
    return join(root, folder, 'src/index.ts');
  }
  if (/^\.{1,2}\/.*\.js$/.test(request) && !options.basedir.includes('node_modules')) {
    const typed = resolve(options.basedir, request.replace(/\.js$/, '.ts'));
    if (existsSync(typed)) return typed;
  }
  return options.defaultResolver(request, options);
};
