import { compileTemplate, diskFiles } from './index.ts';

for (const f of process.argv.slice(2)) {
  const t0 = performance.now();
  const r = compileTemplate(f, diskFiles);
  const t1 = performance.now();
  console.log(
    f,
    r.ok,
    r.model?.meters.map((m) => [m.name, m.objects.length]),
    r.model?.fleets.length,
    (t1 - t0).toFixed(0) + 'ms',
  );
  for (const x of r.findings) {
    const t = diskFiles.readFile(x.file) ?? '';
    console.log(
      ' ',
      x.code,
      x.severity,
      x.file.split('/').at(-1),
      'line',
      t.slice(0, x.range.from).split('\n').length,
      JSON.stringify(t.slice(x.range.from, x.range.to).slice(0, 40)),
      x.message,
    );
  }
  if (process.env.SHOW) console.log(JSON.stringify(r.model, null, 1).slice(0, 6000));
}
