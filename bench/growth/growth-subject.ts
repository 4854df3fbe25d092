import type { CurveTitle } from './curve'

/** Where a subject is measured. */
export interface Surroundings {
  /** Of an emulator in another process. */
  readonly namesrvAddr: string
  /** Of that emulator. */
  readonly emulatorPid: number
  /** Folder of the build of the package. */
  readonly library: string
}

/** The costs at a size, by the name of their curve. */
export type Costs = Readonly<Record<string, number>>

/** Something whose cost is measured against its size. */
export interface GrowthSubject {
  readonly sizes: readonly number[]
  readonly curves: Readonly<Record<string, CurveTitle>>
  /** Runs in a process that has nothing but the client; what it returns is called with one size after the other. */
  readonly open: (surroundings: Surroundings) => Promise<(size: number) => Promise<Costs>>
}
