import pandas as pd
import streamlit as st

st.title("Tides")

harbour = st.selectbox("Harbour", ["North", "South"])
hours = st.slider("Hours", min_value=6, max_value=24, value=12)

levels = pd.DataFrame({"level": [abs(hour % 12 - 6) for hour in range(hours)]})
st.line_chart(levels)
st.write(f"High water at {harbour} is {levels['level'].max()} m.")
