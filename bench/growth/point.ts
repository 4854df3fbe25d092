import { runProgram } from '../drivers/program'
import type { Costs, Surroundings } from './growth-subject'
import { SUBJECTS, type SubjectName } from './subjects'

/** What the program is started with. */
export interface PointSetup extends Surroundings {
  readonly subject: SubjectName
}

/** The process in which the costs of a subject are measured: asked for a size, it tells what that costs. */
runProgram<PointSetup, string, number, Costs>(async ({ subject, ...surroundings }) => ({
  told: 'ready',
  answer: await SUBJECTS[subject].open(surroundings),
}))
