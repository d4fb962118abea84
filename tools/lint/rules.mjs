/** The workspace's own ESLint rules: which packages a project may import, and that a file begins by saying what it is for. */

const matches = (name, pattern) =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern || name.startsWith(`${pattern}/`);

/** Sees every way of importing, `node:*` and dynamic imports too, which the Nx rule does not. */
const allowedPackages = {
  meta: {
    type: 'problem',
    schema: [
      {
        type: 'object',
        properties: { packages: { type: 'array' }, kind: { type: 'string' } },
        additionalProperties: false,
      },
    ],
    messages: {
      outside:
        'A {{kind}} project may not import {{name}}: it would tie rules to a machine, a driver or a framework. Put this code in an adapter behind a port, or pass its result as an argument.',
      computed: 'Import by a literal name, so that the architecture can be checked.',
    },
  },
  create(context) {
    const { packages, kind } = context.options[0];
    const check = (node) => {
      if (!node) return;
      if (node.type !== 'Literal' || typeof node.value !== 'string')
        return context.report({ node, messageId: 'computed' });
      const name = node.value;
      if (name.startsWith('.') || name.startsWith('@convenant/')) return;
      if (packages.some((pattern) => matches(name, pattern))) return;
      context.report({ node, messageId: 'outside', data: { kind, name } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      TSExternalModuleReference: (node) => check(node.expression),
      'CallExpression[callee.name="require"]': (node) => check(node.arguments[0]),
      'MemberExpression[property.name="getBuiltinModule"]': (node) => context.report({ node, messageId: 'computed' }),
    };
  },
};

const beginsWithPurpose = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { missing: 'Begin the file with one sentence that says what it is for: /** … */' },
  },
  create(context) {
    return {
      Program(node) {
        const first = context.sourceCode.getAllComments()[0];
        const start = node.body[0]?.range[0] ?? Infinity;
        const before = first?.type === 'Shebang' ? context.sourceCode.getAllComments()[1] : first;
        if (!before || before.type !== 'Block' || before.range[0] > start)
          context.report({ loc: { line: 1, column: 0 }, messageId: 'missing' });
      },
    };
  },
};

export default { rules: { 'allowed-packages': allowedPackages, 'begins-with-purpose': beginsWithPurpose } };
