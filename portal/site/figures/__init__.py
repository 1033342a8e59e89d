"""统计图表: what the lists hold, counted on the bitmaps that the lists read, drawn by the server, each number with its rows."""
