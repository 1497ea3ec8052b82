module Tide
  enum Turn
    Rising
    Falling
  end

  # Each six hours the tide turns.
  def self.day : Array(Turn)
    (0...24).step(6).map { |hour| hour % 12 == 0 ? Turn::Rising : Turn::Falling }.to_a
  end
end
