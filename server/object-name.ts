/** `Active energy import (+A), rate 1` -> `active_energy_import_rate_1`; numbered where the name is taken already. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .toLowerCase()
    .replace(/\([^)]*\)/g, ' ')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .replace(/^(?=\d)|^$/, 'object_');
  let free = plain;
  for (let number = 2; taken.has(free); number++) free = `${plain}_${number}`;
  return free;
}
