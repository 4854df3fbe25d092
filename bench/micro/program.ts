import { runProgram } from '../drivers/program'
import { type MeasureTimes, type MicroFigures, measureCase } from './measure-case'
import { MeasuredBuild, NotMeasurable } from './micro-case'
import { type SubjectName, casesOf } from './subjects'

/** What a process that measures cases is told when it is started. */
export interface MicroSetup extends MeasureTimes {
  readonly subject: SubjectName
  /** Folder of the build to measure. */
  readonly library: string
  /** Whether the cases may be older or newer than the build: whatever then goes wrong is said to be not measured. */
  readonly isForeign: boolean
}

/** Figures, or why there are none. */
export type MicroAnswer = MicroFigures | { readonly notMeasured: string }

/** Measures cases of one subject of one build, in a process of its own; asked for a case by its name. */
runProgram(async ({ subject, library, isForeign, ...times }: MicroSetup) => {
  const build = new MeasuredBuild(library)
  const cases = new Map(casesOf(subject))
  const answer = async (name: string): Promise<MicroAnswer> => {
    const open = cases.get(name)
    if (open === undefined) throw new Error(`${subject} has no case '${name}'`)
    try {
      const measurable = await open(build)
      try {
        return await measureCase(measurable, times)
      } finally {
        await measurable.close?.()
      }
    } catch (error) {
      if (error instanceof NotMeasurable || isForeign) return { notMeasured: (error as Error).message }
      throw error
    }
  }
  return { told: 'ready', answer }
})
