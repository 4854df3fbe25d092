import { ChildProgram, nodeProgram } from '../child-program'
import type { MicroAnswer, MicroSetup } from './program'

/** A process that measures cases of one subject, so that they do not run with code that others have made general. */
export class MicroProgram {
  readonly #program: ChildProgram

  private constructor(program: ChildProgram) {
    this.#program = program
  }

  static async start(setup: MicroSetup, signal: AbortSignal): Promise<MicroProgram> {
    const command = { ...nodeProgram('../micro/program', ['--expose-gc']), name: `the measurement of ${setup.subject}` }
    const { program } = await ChildProgram.start(command, setup, signal)
    return new MicroProgram(program)
  }

  measure(name: string): Promise<MicroAnswer> {
    return this.#program.ask<MicroAnswer>(name)
  }

  stop(): Promise<void> {
    return this.#program.stop()
  }
}
