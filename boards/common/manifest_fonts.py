"""All fonts and the table of pinyin: what a board freezes that has the flash for it, 610 KB in all."""

package("kiosk", base_path="../../build/fonts", opt=2)
package("kiosk", base_path="../../build/pinyin", opt=2)
