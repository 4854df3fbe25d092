import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MeasuredBuild, NotMeasurable } from '../../../bench/micro/micro-case'

describe('a build that is measured', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rocketwire-build-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  it('gives its own compiled files, and says which it does not have', () => {
    mkdirSync(join(folder, 'dist/wire'), { recursive: true })
    writeFileSync(join(folder, 'dist/wire/old.js'), 'module.exports = { age: 7 }')
    const build = new MeasuredBuild(folder)
    expect(build.load<{ age: number }>('wire/old').age).toBe(7)
    expect(() => build.load('wire/new')).toThrow(new NotMeasurable('the build has no wire/new'))
  })
})
