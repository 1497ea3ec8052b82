package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
)

// smaller is a picture with a palette, in a third of the bytes. Where it has more colours than a palette, colours that look the same become one.
func smaller(text []byte) ([]byte, error) {
	drawn, err := png.Decode(bytes.NewReader(text))
	if err != nil {
		return nil, err
	}
	var paletted *image.Paletted
	for bits := 8; paletted == nil; bits-- {
		paletted = withPalette(drawn, bits)
	}
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	err = e.Encode(&b, paletted)
	return b.Bytes(), err
}

// withPalette keeps so many bits of each channel of a picture. It is nil if a palette cannot hold the colours.
func withPalette(drawn image.Image, bits int) *image.Paletted {
	bounds := drawn.Bounds()
	result := image.NewPaletted(bounds, nil)
	index := map[color.RGBA]uint8{}
	mask := uint8(0xff) << (8 - bits)
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			r, g, b, _ := drawn.At(x, y).RGBA()
			key := color.RGBA{uint8(r>>8) & mask, uint8(g>>8) & mask, uint8(b>>8) & mask, 0xff}
			i, ok := index[key]
			if !ok {
				if len(index) == 256 {
					return nil
				}
				i = uint8(len(index))
				index[key] = i
				// The first colour stands for those like it, so that white stays white.
				result.Palette = append(result.Palette, color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 0xff})
			}
			result.Pix[result.PixOffset(x, y)] = i
		}
	}
	return result
}
