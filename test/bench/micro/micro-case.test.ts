import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MeasuredBuild, NotMeasurable } from '../../../bench/micro/micro-case'

describe('a build that is measured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rocketwire-build-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('gives its own compiled files, and says which it does not have', () => {
    for (const [path, age] of Object.entries({ 'dist/wire': 7, 'dist/modules/wire': 8 })) {
      mkdirSync(join(folder, path), { recursive: true })
      writeFileSync(join(folder, path, `of-${age}.js`), `module.exports = { age: ${age} }`)
    }
    const build = new MeasuredBuild(folder)
    for (const age of [7, 8]) expect(build.load<{ age: number }>(`wire/of-${age}`).age).toBe(age)
    expect(() => build.load('wire/new')).toThrow(new NotMeasurable('the build has no wire/new'))
  })
})
