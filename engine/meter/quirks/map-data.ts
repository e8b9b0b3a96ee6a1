import type { Data } from '../../codec/axdr/data.ts';

/** A Data with every element inside put through `change`, the innermost first. What stays the same is not copied. */
export function mapData(data: Data, change: (data: Data) => Data): Data {
  if (data.t !== 'array' && data.t !== 'structure') return change(data);
  let changed = false;
  const elements = data.v.map((element) => {
    const mapped = mapData(element, change);
    if (mapped !== element) changed = true;
    return mapped;
  });
  return change(changed ? { t: data.t, v: elements } : data);
}
