import { MissingSection, markdownTable, withSection } from '../../../bench/report/page'

const PAGE = 'By hand.\n\n<!-- bench:real -->\n\nOld.\n\n<!-- /bench:real -->\n\nMore by hand.\n'

describe('a section of the page', () => {
  it('is put between its markers, and what stands outside of them stays', () => {
    const page = withSection(PAGE, 'real', 'New.\n')
    expect(page).toBe('By hand.\n\n<!-- bench:real -->\n\nNew.\n\n<!-- /bench:real -->\n\nMore by hand.\n')
    expect(withSection(page, 'real', 'New.\n')).toBe(page)
  })

  it('needs both of its markers, in their order', () => {
    expect(() => withSection(PAGE, 'growth', 'New.')).toThrow(MissingSection)
    expect(() => withSection('<!-- /bench:real --> <!-- bench:real -->', 'real', 'New.')).toThrow(MissingSection)
  })

  it('has tables whose numbers stand at the right', () => {
    const table = markdownTable(
      [
        ['name', 'rate'],
        ['a|b', '1'],
      ],
      1,
    )
    expect(table.split('\n')).toEqual(['| name | rate |', '| --- | ---: |', '| a\\|b | 1 |'])
  })
})
