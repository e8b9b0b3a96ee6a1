import { oneByOne } from './day-values.ts';
import { mix, unit } from './random.ts';
import { HOUR, INTEGRATION_EPOCH, type Signal } from './signal.ts';

/** Length of one value of `noise`. */
const NOISE_STEP = 60_000;

/** Four uniform draws have a variance of one third; this makes their sum one of standard deviation 1. */
const NORMALISE = Math.sqrt(3);

/**
 * Random departure from zero with this standard deviation, new every minute, never more than 3.5 times as large. Each
 * second minute mirrors the one before, so that the mean is exactly zero and the integral needs no history.
 */
export function noise(deviation: number, stream: number): Signal {
  const signal = noiseOf(deviation, stream);
  return { ...signal, day: oneByOne(signal) };
}

function noiseOf(deviation: number, stream: number): Signal {
  const value = (key: number, pair: number): number => {
    const at = pair * 4;
    return deviation * NORMALISE * (unit(key, at) + unit(key, at + 1) + unit(key, at + 2) + unit(key, at + 3) - 2);
  };
  return {
    constant: false,
    at(source, time) {
      const step = Math.floor(time / NOISE_STEP);
      const pair = Math.floor(step / 2);
      const drawn = value(mix(source.key, stream), pair);
      return step === pair * 2 ? drawn : -drawn;
    },
    integral(source, time) {
      const pair = Math.floor(time / (2 * NOISE_STEP));
      const within = time - pair * 2 * NOISE_STEP;
      const counted = within <= NOISE_STEP ? within : 2 * NOISE_STEP - within;
      return (value(mix(source.key, stream), pair) * counted) / HOUR;
    },
  };
}

/** Sine wave that is `lateMs` late; without that it starts at the epoch of integration, a day's wave at 00:00Z. */
export function sine(periodMs: number, amplitude: number, lateMs: number): Signal {
  const omega = periodMs > 0 ? (2 * Math.PI) / periodMs : 0;
  const zero = INTEGRATION_EPOCH + lateMs;
  const start = Math.cos(omega * -lateMs);
  const at: Signal['at'] = (_source, time) => amplitude * Math.sin(omega * (time - zero));
  return {
    constant: false,
    fleetWide: true,
    at,
    day: oneByOne({ at }),
    integral: (_source, time) =>
      omega === 0 ? 0 : (amplitude * (start - Math.cos(omega * (time - zero)))) / omega / HOUR,
  };
}
