/**
 * Repairs two things npm leaves out of package-lock.json. Run it after `npm install` has changed the file.
 *
 *   node scripts/lockfile.ts [--check]
 *
 * 1. Optional packages of other platforms (`@biomejs/cli-win32-x64`, …) that the registry at hand did not offer. `npm ci` refuses a
 *    lockfile without them, on every platform.
 * 2. `gypfile: false` of packages that ship their binaries. Without it the npm that comes with Node 20 runs node-gyp for them, which
 *    needs Python and compiles nothing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly gypfile?: boolean;
  readonly license?: string;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly libc?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Of package-lock.json, as far as it is used here. The key of a package is its folder, '' for the project itself. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What a package says about its native code in its own package.json. */
export type IsPrebuilt = (folder: string) => boolean;

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** The same lockfile with what is missing; throws where a platform cannot be told from a package's name. */
export function completeLockfile<T extends Lockfile>(lockfile: T, isPrebuilt: IsPrebuilt): T {
  const packages = new Map(Object.entries(lockfile.packages));
  for (const [folder, locked] of Object.entries(lockfile.packages)) {
    for (const [name, version] of Object.entries(locked.optionalDependencies ?? {})) {
      if (!isLocked(lockfile, folder, name))
        packages.set(`node_modules/${name}`, platformPackage(name, version, locked));
    }
    if (isPrebuilt(folder)) packages.set(folder, { ...locked, gypfile: false });
  }
  const sorted = [...packages].sort(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lockfile, packages: Object.fromEntries(sorted) };
}

/** As Node resolves it: in the package's own node_modules, else in those above. */
function isLocked({ packages }: Lockfile, folder: string, name: string): boolean {
  for (let place = folder; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    if (packages[`${place === '' ? '' : `${place}/`}node_modules/${name}`] !== undefined) return true;
    if (place === '') return false;
  }
}

/** npm installs an entry only where `os`, `cpu` and `libc` fit, so without them it would be installed everywhere. */
function platformPackage(name: string, version: string, parent: LockedPackage): LockedPackage {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const cpu = processors.filter((word) => words.includes(word));
  const os = systems.filter((word) => words.includes(word));
  if (cpu.length !== 1 || (os.length !== 1 && !cpu.includes('wasm32')) || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`no platform can be told from the optional package ${name}@${version}; lock it by hand`);
  }
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : [];
  return {
    version,
    cpu,
    ...(parent.dev === undefined ? {} : { dev: parent.dev }),
    ...(os.includes('linux') && libc.length > 0 ? { libc } : {}),
    ...(parent.license === undefined ? {} : { license: parent.license }),
    optional: true,
    ...(os.length > 0 ? { os } : {}),
    ...(parent.engines === undefined ? {} : { engines: parent.engines }),
  };
}

/** From the installed packages: native code that says `gypfile: false` brings its binaries along. */
export function isPrebuiltHere(folder: string): boolean {
  const file = path.join(root, folder, 'package.json');
  if (folder === '' || !existsSync(file)) return false;
  const manifest: { readonly gypfile?: boolean } = JSON.parse(readFileSync(file, 'utf8'));
  return manifest.gypfile === false;
}

if (import.meta.main) {
  const file = path.join(root, 'package-lock.json');
  const before = readFileSync(file, 'utf8');
  const lockfile: Lockfile = JSON.parse(before);
  const after = `${JSON.stringify(completeLockfile(lockfile, isPrebuiltHere), null, 2)}\n`;
  if (after === before) {
    console.log('package-lock.json is complete');
  } else if (process.argv.includes('--check')) {
    console.error('package-lock.json is not complete.\nWhat to do: run  node scripts/lockfile.ts');
    process.exitCode = 1;
  } else {
    writeFileSync(file, after);
    console.log('package-lock.json was completed');
  }
}
