import gradio as gr


def high_water(harbour, hours):
    return f"{harbour}: high water in {hours} h"


# The answer to the example is made at the start, and kept in a file.
demo = gr.Interface(
    fn=high_water,
    inputs=["text", gr.Slider(1, 12, step=1)],
    outputs="text",
    title="Tides",
    examples=[["North", 3]],
    cache_examples=True,
)

if __name__ == "__main__":
    demo.launch()
