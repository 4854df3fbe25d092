import { systemClock } from '../lib/runtime/clock'
import { QUIET_CORES, cpuSecondsOf, machineCpuSeconds } from './machine'

/** What others than this process and those that are measured use of the machine, from its making on. */
export class OtherLoad {
  #pids: readonly number[] = [process.pid]
  #at = systemClock.monotonic()
  #machine = machineCpuSeconds()
  #own = cpuSecondsOf(this.#pids)
  #cores: number[] = []

  /** These processes are no others from now on. */
  except(pids: readonly number[]): void {
    this.#pids = [process.pid, ...pids]
    this.#begin()
  }

  /** A process that began and ended since the last call of `look` has used so much: it is no other either. */
  ended(cpuSeconds: number): void {
    this.#own -= cpuSeconds
  }

  /** To be called while all that are excepted still run: notes what others used since the last call. */
  look(): void {
    const { ms, machine, own } = { ms: this.#at, machine: this.#machine, own: this.#own }
    this.#begin()
    const others = this.#machine - machine - (this.#own - own)
    this.#cores.push(Math.max(0, others / ((this.#at - ms) / 1000)))
  }

  /** For people to read. */
  told(): string {
    const most = Math.max(...this.#cores)
    if (!Number.isFinite(most)) return 'What else used the machine cannot be told here.'
    if (most <= QUIET_CORES) return `The machine was quiet: others used at most ${most.toFixed(2)} cores.`
    return `THE MACHINE WAS NOT QUIET: others used up to ${most.toFixed(2)} cores. Figures are indications.`
  }

  #begin(): void {
    this.#at = systemClock.monotonic()
    this.#machine = machineCpuSeconds()
    this.#own = cpuSecondsOf(this.#pids)
  }
}
