import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What is measured of a case once it is set up. */
export interface Measurable {
  /** Operations of one run; default 1. */
  readonly ops?: number
  /** Bytes that one operation reads or writes, for a rate. */
  readonly bytes?: number
  /** What it returns is kept, so that no compiler takes the work for useless; a promise is awaited. */
  run(): unknown
  close?(): Promise<void>
}

/** Sets up what is measured by itself; throws NotMeasurable where the build or this Node.js lacks it. */
export type OpenCase = (build: MeasuredBuild) => Measurable | Promise<Measurable>

/** Cases by name that are about one part of the package. */
export type Subject = Readonly<Record<string, OpenCase>>

/** The build, or this Node.js, does not have what a case measures. */
export class NotMeasurable extends Error {}

/** Whether a folder holds a compiled package. */
export function isBuild(folder: string): boolean {
  return existsSync(join(resolve(folder), 'dist/index.js'))
}

/** Where builds have their modules file by file; those of earlier commits had them beside their entries. */
const MODULES = ['dist/modules', 'dist']

/** The compiled package in a folder, with its inside. */
export class MeasuredBuild {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = resolve(folder)
  }

  /** A compiled file of `lib/`, such as `wire/frame-writer`. The type is that of this work tree's file. */
  load<Module>(name: string): Module {
    const files = MODULES.map(folder => join(this.#folder, folder, `${name}.js`))
    const file = files.find(each => existsSync(each))
    if (file === undefined) throw new NotMeasurable(`the build has no ${name}`)
    return require(file) as Module
  }
}
