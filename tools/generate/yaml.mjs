/** Writes plain data as YAML: every text quoted, so that nothing is ever read as something else. */
export function yaml(value) {
  return `${lines(value, 0).join('\n')}\n`;
}

function lines(value, depth) {
  const indent = '  '.repeat(depth);
  const under = (head, inner) => (isBlock(inner) ? [head, ...lines(inner, depth + 1)] : [`${head} ${scalar(inner)}`]);
  if (Array.isArray(value))
    return value.flatMap((inner) => {
      if (!isBlock(inner)) return [`${indent}- ${scalar(inner)}`];
      const [first, ...rest] = lines(inner, depth + 1);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .flatMap(([name, inner]) =>
      under(`${indent}${/^[A-Za-z][\w-]*$/.test(name) ? name : JSON.stringify(name)}:`, inner),
    );
}

const isBlock = (value) => typeof value === 'object' && value !== null && Object.keys(value).length > 0;
const scalar = (value) =>
  Array.isArray(value) ? '[]' : typeof value === 'object' && value !== null ? '{}' : JSON.stringify(value);
