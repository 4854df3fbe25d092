import { join } from 'node:path'
import { EXCEPTIONS } from './exceptions'
import { type FileReport, runVectorFile, summary } from './runner'
import { vectorFileNames } from './vector-file'

const DEFAULT_FOLDER = join(__dirname, '..', 'fixtures', 'vectors')
const SHOWN_FAILURES = 20

const folder = process.env['ROCKETWIRE_VECTORS'] ?? DEFAULT_FOLDER
const reports: FileReport[] = []

describe('golden vectors made by Java', () => {
  test.each(vectorFileNames(folder))('%s agrees with Java', async name => {
    const report = await runVectorFile(folder, name)
    reports.push(report)
    expect(report.failures.slice(0, SHOWN_FAILURES)).toEqual([])
    expect(report.passed + report.excepted + report.notCovered).toBe(report.total)
  })

  if (folder === DEFAULT_FOLDER) {
    it('needs every exception of the table', () => {
      const used = new Set(reports.flatMap(report => [...report.exceptionsUsed]))
      expect(
        EXCEPTIONS.filter(exception => !exception.beyondFixtures && !used.has(exception)).map(
          exception => exception.instead,
        ),
      ).toEqual([])
    })
  }

  afterAll(() => process.stdout.write(`\n${summary(reports)}\n`))
})
